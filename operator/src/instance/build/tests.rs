//! Every manifest of an instance is a snapshot: a change of any is seen, and reviewed.

use std::sync::Arc;

use serde_json::json;

use super::Build;
use crate::instance::fixtures::{addresses, credentials, facts, platform, valid};
use crate::instance::platform::Routing;

#[test]
fn manifests_of_an_active_instance() {
    let (facts, platform) = (facts(), platform(Routing::Ingress));
    let tenant = valid(&facts, &platform);
    let build = Build::of(&facts, &tenant, &platform, &addresses());
    let mut objects = build.base();
    objects.extend(build.secrets(&credentials(), &addresses()).expect("addresses that take users"));
    objects.push(build.migration(0, 1));
    objects.push(build.invitation("http://acme.localhost:8080/invite#token", "2026-01-08T00:00:00Z"));
    objects.extend(build.workloads("0123456789abcdef"));
    for object in objects {
        insta::assert_yaml_snapshot!(format!("{}-{}", object.kind, object.name), object.body);
    }
}

#[test]
fn a_gateway_has_an_http_route_and_no_ingress() {
    let (facts, platform) = (facts(), platform(Routing::Gateway));
    let tenant = valid(&facts, &platform);
    let build = Build::of(&facts, &tenant, &platform, &addresses());
    let routes: Vec<_> = build.workloads("x").into_iter().filter(|object| object.name == "crm").collect();
    insta::assert_yaml_snapshot!(routes.iter().map(|route| &route.body).collect::<Vec<_>>());
}

#[test]
fn a_suspended_instance_keeps_its_deployments_and_runs_nothing() {
    let (mut facts, platform) = (facts(), platform(Routing::Ingress));
    let mut tenant = facts.tenant.as_ref().clone();
    tenant.spec.state = crds::StateSpec::Suspended;
    facts.tenant = Arc::new(tenant);
    let tenant = valid(&facts, &platform);
    let objects = Build::of(&facts, &tenant, &platform, &addresses()).workloads("x");
    let replicas: Vec<_> =
        objects.iter().filter_map(|object| object.body.pointer("/spec/replicas")).collect();
    assert_eq!(replicas, [&json!(0), &json!(0)]);
    let routes: Vec<_> = objects.iter().filter(|object| object.kind == "Ingress").collect();
    insta::assert_yaml_snapshot!(routes.iter().map(|route| &route.body).collect::<Vec<_>>());
}
