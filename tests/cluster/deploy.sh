#!/usr/bin/env bash
# Installs the platform on a local cluster, with a mail server that delivers nothing, and waits for sample tenants.
# Ends with two lines for each: the invitation of its first admin and its address.
# Usage: deploy.sh <cluster name> [<file of config/samples without .yaml> …]
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$1; shift
[ $# -gt 0 ] || set -- tenant
state=target/cluster/$name
export KUBECONFIG=$PWD/$state/kubeconfig PATH=$PWD/target/programs/tools:$PATH
cluster=${CLUSTER:-target/x86_64-unknown-linux-gnu/ci/cluster}
port=$(sed -n 's/.*"http":\([0-9]*\).*/\1/p' "$state/ports.json" 2>/dev/null || echo 8080)

for image in operator tenant-app mail-catcher servers; do "$cluster" load-image --name "$name" "target/images/$image.tar"; done
echo "charts: installing"
helm upgrade --install abetworks-crds charts/crds --namespace abetworks --create-namespace --wait >/dev/null
sed "s/mail-catcher:TAG/mail-catcher:$(cat target/images/mail-catcher.tag)/" tests/cluster/manifests/mail.yaml |
  kubectl apply -f - >/dev/null
helm upgrade --install abetworks charts/platform --namespace abetworks --values config/local-values.yaml \
  --set "public.port=$port" --set "operator.image.tag=$(cat target/images/operator.tag)" \
  --set "tenants.defaultVersion=$(cat target/images/tenant-app.tag)" --wait --timeout 5m >/dev/null
kubectl rollout status deployment/catcher --namespace mail --timeout=2m >/dev/null
kubectl apply -f config/samples/plan.yaml >/dev/null
for sample; do
  echo "$sample: applying"
  kubectl create --dry-run=client -o json -f "config/samples/$sample.yaml" |
    kubectl patch --local -f - -o json --type merge -p "{\"spec\":{\"version\":\"$(cat target/images/tenant-app.tag)\"}}" |
    kubectl apply -f - >/dev/null
done
for sample; do kubectl wait --for=condition=Ready -f "config/samples/$sample.yaml" --timeout=3m >/dev/null; done
echo
echo "export KUBECONFIG=$KUBECONFIG PATH=$PWD/target/programs/tools:\$PATH"
echo "mails: kubectl logs --namespace mail deployment/catcher"
for sample; do
  kubectl get secret crm-invitation -o jsonpath='{.data.url}' \
    --namespace "$(kubectl get -f "config/samples/$sample.yaml" -o jsonpath='{.status.namespace}')" | base64 -d
  echo
  kubectl get -f "config/samples/$sample.yaml" -o jsonpath='{.status.url}{"\n"}'
done
