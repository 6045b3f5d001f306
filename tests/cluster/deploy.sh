#!/usr/bin/env bash
# Installs the platform on a local cluster and waits for the sample tenant. Usage: deploy.sh <cluster name>
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$1
state=target/cluster/$name
export KUBECONFIG=$PWD/$state/kubeconfig PATH=$PWD/target/programs/tools:$PATH
cluster=${CLUSTER:-target/x86_64-unknown-linux-gnu/ci/cluster}
port=$(sed -n 's/.*"http":\([0-9]*\).*/\1/p' "$state/ports.json" 2>/dev/null || echo 8080)

for image in operator tenant-app servers; do "$cluster" load-image --name "$name" "target/images/$image.tar"; done
echo "charts: installing"
helm upgrade --install abetworks-crds charts/crds --namespace abetworks --create-namespace --wait >/dev/null
helm upgrade --install abetworks charts/platform --namespace abetworks --values config/local-values.yaml \
  --set "public.port=$port" --set "operator.image.tag=$(cat target/images/operator.tag)" \
  --set "tenants.defaultVersion=$(cat target/images/tenant-app.tag)" --wait --timeout 5m >/dev/null
echo "tenant acme: applying"
kubectl apply -f config/samples/plan.yaml >/dev/null
kubectl create --dry-run=client -o json -f config/samples/tenant.yaml |
  kubectl patch --local -f - -o json --type merge -p "{\"spec\":{\"version\":\"$(cat target/images/tenant-app.tag)\"}}" |
  kubectl apply -f - >/dev/null
kubectl wait --for=condition=Ready tenant/acme --timeout=3m >/dev/null
echo
echo "export KUBECONFIG=$KUBECONFIG PATH=$PWD/target/programs/tools:\$PATH"
kubectl get secret crm-invitation --namespace "$(kubectl get tenant acme -o jsonpath='{.status.namespace}')" \
  -o jsonpath='{.data.url}' | base64 -d
echo
kubectl get tenant acme -o jsonpath='{.status.url}{"\n"}'
