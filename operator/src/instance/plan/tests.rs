//! Facts and the plan that follows from them.

use std::sync::Arc;

use contract::postgres::SchemaMark;
use contract::status::Reason;
use crds::{InventoryEntry, TenantStatus};
use serde_json::json;

use super::{Plan, Step, plan};
use crate::instance::build::{Addresses, Build, app_data, owner_data};
use crate::instance::credentials::{Credentials, StoredSecrets};
use crate::instance::facts::{
    Child, DataKeyFacts, DatabaseFacts, DatabaseState, DeploymentFacts, Facts, LoginState, MigrationFacts,
    MigrationOutcome, NamespaceFacts, PodTrouble, QueueFacts,
};
use crate::instance::fixtures::{UID, addresses, credentials, facts, platform, valid};
use crate::instance::platform::Routing;

#[test]
fn a_new_tenant_is_built_up_to_its_migration() {
    let (facts, platform) = (facts(), platform(Routing::Ingress));
    let plan = plan(&facts, &valid(&facts, &platform), &platform, &addresses()).expect("a plan");
    let names: Vec<&str> = plan.steps.iter().map(Step::name).collect();
    insta::assert_yaml_snapshot!((names, plan.wait.map(|wait| wait.message)));
}

#[test]
fn a_failed_migration_is_tried_again_later_and_a_newer_schema_never() {
    let (mut facts, platform) = (facts(), platform(Routing::Ingress));
    let tenant = valid(&facts, &platform);
    let failed = |attempt, code, seconds_ago| MigrationFacts {
        name: format!("crm-migrate-x-{attempt}"),
        attempt,
        outcome: MigrationOutcome::Failed { code: Some(code), message: "0002_people.sql: 42601".into() },
        seconds_ago,
    };
    let jobs = |plan: &Plan| jobs_of(plan).len();
    facts.migrations = vec![failed(1, 1, 1)];
    let early = plan(&facts, &tenant, &platform, &addresses()).expect("a plan");
    assert_eq!((jobs(&early), early.wait.as_ref().map(|wait| wait.stalled)), (0, Some(false)));
    facts.migrations = vec![failed(1, 1, 6)];
    assert_eq!(jobs(&plan(&facts, &tenant, &platform, &addresses()).expect("a plan")), 1);
    facts.migrations = (1..=3).map(|attempt| failed(attempt, 1, 1)).collect();
    let third = plan(&facts, &tenant, &platform, &addresses()).expect("a plan");
    assert_eq!((jobs(&third), third.wait.as_ref().map(|wait| wait.stalled)), (0, Some(true)));
    let image = PodTrouble::Image("ErrImagePull".into());
    facts.migrations = vec![MigrationFacts { outcome: MigrationOutcome::Stuck(image), ..failed(1, 1, 1) }];
    let stuck = plan(&facts, &tenant, &platform, &addresses()).expect("a plan");
    let reason = stuck.wait.as_ref().map(|wait| (wait.reason, wait.stalled));
    assert_eq!((jobs(&stuck), reason), (0, Some((contract::status::Reason::ImageUnavailable, true))));
    facts.migrations = vec![failed(1, 3, 100_000)];
    let newer = plan(&facts, &tenant, &platform, &addresses()).expect("a plan");
    assert_eq!(newer.wait.map(|wait| wait.reason), Some(contract::status::Reason::SchemaNewer));
    assert_eq!(jobs(&plan(&facts, &tenant, &platform, &addresses()).expect("a plan")), 0);
}

#[test]
fn a_rotation_is_taken_up_wherever_it_was_cut_short() {
    let (mut facts, platform) = (facts(), platform(Routing::Ingress));
    let tenant = valid(&facts, &platform);
    let mark = SchemaMark {
        tenant: "acme".into(),
        uid: UID.into(),
        id: "x".into(),
        schema_version: 1,
        retained_at: None,
    };
    let login = |generation, enabled| LoginState { generation, enabled };
    let mut steps = |stored, roles_generation, logins| {
        facts.credentials = Some(Credentials { generation: stored, ..credentials() });
        facts.database = DatabaseFacts::Known(Box::new(DatabaseState {
            schema: Some(mark.clone()),
            roles_generation,
            logins,
            ..DatabaseState::default()
        }));
        let plan = plan(&facts, &tenant, &platform, &addresses()).expect("a plan");
        plan.steps.iter().map(Step::name).filter(|name| *name == "provision-database").count()
    };
    assert_eq!(steps(1, 1, [login(1, true), login(1, false)]), 0, "nothing rotates");
    assert_eq!(
        steps(2, 1, [login(1, true), login(2, true)]),
        0,
        "the Secrets name the new login: both stay open"
    );
    assert_eq!(
        steps(1, 1, [login(1, true), login(2, true)]),
        1,
        "no Secret names the new login: it is closed again"
    );
    assert_eq!(steps(2, 0, [login(0, false), login(2, true)]), 1, "a role is missing");
}

#[test]
fn what_belongs_to_another_is_never_touched() {
    let (base, platform) = (facts(), platform(Routing::Ingress));
    let tenant = valid(&base, &platform);
    let mark = SchemaMark {
        tenant: "acme".into(),
        uid: "another".into(),
        id: "x".into(),
        schema_version: 0,
        retained_at: None,
    };
    let known = |state| DatabaseFacts::Known(Box::new(state));
    let conflicts = [
        Facts { namespace: NamespaceFacts::Foreign, ..base.clone() },
        Facts { queue: QueueFacts::Foreign, ..base.clone() },
        Facts {
            database: known(DatabaseState { schema: Some(mark), ..DatabaseState::default() }),
            ..base.clone()
        },
        Facts {
            database: known(DatabaseState {
                foreign: Some("role \"t_x_app\"".into()),
                ..DatabaseState::default()
            }),
            ..base.clone()
        },
    ];
    for facts in conflicts {
        let refusal = plan(&facts, &tenant, &platform, &addresses()).expect_err("a conflict");
        assert_eq!(refusal.reason, contract::status::Reason::NamespaceConflict);
    }
    assert!(plan(&base, &tenant, &platform, &addresses()).is_ok());
}

#[test]
fn a_rollout_is_complete_only_when_its_controller_has_seen_it() {
    let done = DeploymentFacts {
        wanted: 2,
        updated: 2,
        available: 2,
        total: 2,
        observed: true,
        ..DeploymentFacts::default()
    };
    assert!(done.complete());
    for not_yet in [
        DeploymentFacts { observed: false, ..done.clone() },
        DeploymentFacts { updated: 1, ..done.clone() },
        DeploymentFacts { total: 3, ..done.clone() },
    ] {
        assert!(!not_yet.complete());
    }
}

/// An instance that serves as its inventory says, with one object more than is wanted.
fn serving(routing: Routing) -> Facts {
    let (mut facts, platform) = (facts(), platform(routing));
    let tenant = valid(&facts, &platform);
    let build = Build::of(&facts, &tenant, &platform, &addresses());
    let mut objects = build.base();
    objects.extend(build.workloads("x"));
    let entry = |kind: &str, name: &str| InventoryEntry {
        api_version: String::new(),
        kind: kind.to_owned(),
        namespace: Some(tenant.namespace.clone()),
        name: name.to_owned(),
        uid: format!("uid of {name}"),
        digest: String::new(),
    };
    let applied = objects.iter().map(|object| InventoryEntry {
        namespace: object.namespace.clone(),
        ..entry(&object.kind, &object.name)
    });
    let mut inventory: Vec<_> = applied.collect();
    inventory.push(entry("ConfigMap", "of-an-older-operator"));
    let child =
        |entry: &InventoryEntry| Child { uid: entry.uid.clone(), digest: String::new(), generation: 1 };
    facts.children =
        inventory.iter().map(|entry| ((entry.kind.clone(), entry.name.clone()), child(entry))).collect();
    facts.app =
        Some(DeploymentFacts { target_version: Some(tenant.version.clone()), ..DeploymentFacts::default() });
    let stored = StoredSecrets {
        app: app_data(&tenant, &credentials(), &addresses()).expect("addresses that take users"),
        owner: owner_data(&tenant, &credentials(), &addresses()).expect("addresses that take users"),
    };
    facts.credentials = Some(Credentials { stored: Some(stored), ..credentials() });
    let mut resource = facts.tenant.as_ref().clone();
    resource.status = Some(TenantStatus { inventory, ..TenantStatus::default() });
    facts.tenant = Arc::new(resource);
    facts
}

fn pruned(facts: &Facts, routing: Routing, addresses: &Addresses) -> Vec<String> {
    let platform = platform(routing);
    let plan = plan(facts, &valid(facts, &platform), &platform, addresses).expect("a plan");
    let name = |step: &Step| match step {
        Step::Prune(entry) => Some(format!("{} {}", entry.kind, entry.name)),
        _ => None,
    };
    plan.steps.iter().filter_map(name).collect()
}

#[test]
fn writing_secrets_anew_removes_nothing_that_serves() {
    let facts = serving(Routing::Ingress);
    let with_mail = Addresses { smtp: Some("smtp://mail.example.com".to_owned().into()), ..addresses() };
    assert_eq!(pruned(&facts, Routing::Ingress, &with_mail), Vec::<String>::new());
    assert_eq!(pruned(&facts, Routing::Ingress, &addresses()), ["ConfigMap of-an-older-operator"]);
}

fn jobs_of(plan: &Plan) -> Vec<&str> {
    plan.steps
        .iter()
        .filter_map(|step| match step {
            Step::Apply(desired) if desired.kind == "Job" => Some(desired.name.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn indexes_that_the_app_asks_for_are_a_job_at_most_every_five_minutes() {
    let (mut facts, platform) = (serving(Routing::Ingress), platform(Routing::Ingress));
    let jobs = |facts: &Facts| {
        let plan = plan(facts, &valid(facts, &platform), &platform, &addresses()).expect("a plan");
        jobs_of(&plan)
            .iter()
            .map(|job| job.rsplit_once('-').expect("a number").1.to_owned())
            .collect::<Vec<_>>()
    };
    let state = |asks_for_indexes| {
        let mark = json!({ "tenant": "acme", "uid": UID, "id": "x", "schema_version": 27 });
        let schema = Some(serde_json::from_value(mark).expect("a mark"));
        let state =
            DatabaseState { schema, roles_generation: 1, asks_for_indexes, ..DatabaseState::default() };
        DatabaseFacts::Known(Box::new(state))
    };
    let job = |outcome, seconds_ago| MigrationFacts { name: String::new(), attempt: 1, outcome, seconds_ago };
    facts.database = state(false);
    assert_eq!(jobs(&facts), Vec::<String>::new());
    facts.database = state(true);
    assert_eq!(jobs(&facts), ["1"]);
    for (outcome, seconds_ago, wanted) in [
        (MigrationOutcome::Running, 1_000, None),
        (MigrationOutcome::Succeeded, 299, None),
        (MigrationOutcome::Succeeded, 300, Some("2")),
        (MigrationOutcome::Failed { code: Some(1), message: String::new() }, 299, None),
        (MigrationOutcome::Failed { code: Some(1), message: String::new() }, 300, Some("2")),
    ] {
        facts.migrations = vec![job(outcome, seconds_ago)];
        assert_eq!(jobs(&facts), Vec::from_iter(wanted), "{:?}", facts.migrations);
    }
    let mut resource = facts.tenant.as_ref().clone();
    resource.spec.state = crds::StateSpec::Suspended;
    facts.tenant = Arc::new(resource);
    assert_eq!(jobs(&facts), Vec::<String>::new(), "a suspended instance runs nothing");
}

#[test]
fn a_route_of_the_other_kind_goes_though_nobody_watches_it() {
    for (before, after, route) in [
        (Routing::Ingress, Routing::Gateway, "Ingress crm"),
        (Routing::Gateway, Routing::Ingress, "HTTPRoute crm"),
    ] {
        let mut facts = serving(before);
        assert_eq!(pruned(&facts, before, &addresses()), ["ConfigMap of-an-older-operator"]);
        facts.children.retain(|(kind, _), _| !route.starts_with(kind.as_str()));
        assert_eq!(pruned(&facts, after, &addresses()), [route, "ConfigMap of-an-older-operator"]);
    }
}

#[test]
fn no_key_is_made_while_the_database_that_may_keep_one_cannot_be_asked() {
    let platform = platform(Routing::Ingress);
    let away = DatabaseFacts::Unavailable("no answer within 10 s".into());
    for lost in [facts(), Facts { credentials: None, ..serving(Routing::Ingress) }] {
        let tenant = valid(&lost, &platform);
        let written = |database: &DatabaseFacts| {
            let facts = Facts { database: database.clone(), ..lost.clone() };
            let plan = plan(&facts, &tenant, &platform, &addresses()).expect("a plan");
            let written = plan.steps.iter().filter(|step| matches!(step, Step::WriteSecrets)).count();
            (written, plan)
        };
        let (count, plan) = written(&away);
        let wait = plan.wait.expect("a wait");
        assert_eq!((count, wait.reason, wait.stalled), (0, Reason::ServerUnavailable, false));
        assert!(
            wait.message.contains("no answer within 10 s") && wait.message.contains("data key"),
            "{wait:?}"
        );
        assert!(!plan.steps.contains(&Step::ProvisionQueue), "nothing knows the password of the Redis user");
        assert!(!plan.steps.iter().any(|step| matches!(step, Step::Prune(_))));
        // The twin: it answers.
        assert_eq!(written(&lost.database).0, 1);
    }
    // Secrets that are there go on as they are, and are written anew with the same key if an address changed.
    let facts = Facts { database: away, ..serving(Routing::Ingress) };
    let plan = plan(&facts, &valid(&facts, &platform), &platform, &addresses()).expect("a plan");
    assert!(
        !plan.steps.contains(&Step::WriteSecrets)
            && plan.wait.is_none_or(|wait| wait.reason != Reason::ServerUnavailable)
    );
}

#[test]
fn a_data_key_that_is_not_the_stored_one_is_told_and_nothing_is_done() {
    let (base, platform) = (serving(Routing::Ingress), platform(Routing::Ingress));
    let tenant = valid(&base, &platform);
    let planned = |data_key| {
        plan(&Facts { data_key, ..base.clone() }, &tenant, &platform, &addresses())
            .map_err(|refusal| refusal.message)
    };
    for data_key in [DataKeyFacts::Differs, DataKeyFacts::Damaged] {
        let message = planned(data_key).expect_err("a refusal");
        assert!(message.contains("crm-app") && message.contains("instance_key"), "{message}");
    }
    assert!(planned(DataKeyFacts::Same).is_ok() && planned(DataKeyFacts::Unread).is_ok());
}

#[test]
fn what_was_applied_stays_known_until_it_is_removed() {
    let (mut facts, platform) = (serving(Routing::Ingress), platform(Routing::Ingress));
    let known = |facts: &Facts| {
        let plan = plan(facts, &valid(facts, &platform), &platform, &addresses()).expect("a plan");
        let mut keep = plan.keep;
        keep.sort();
        keep
    };
    let mut inventory = facts.tenant.status.clone().expect("a status").inventory;
    inventory.sort();
    assert_eq!(known(&facts), inventory, "all of it is applied anew, and any step may fail");
    facts.namespace = NamespaceFacts::Ours { uid: "x".into(), terminating: true };
    assert_eq!(known(&facts), inventory, "the namespace is being deleted, and not all of it is in there");
    facts.namespace = NamespaceFacts::Absent;
    facts.database = DatabaseFacts::Unavailable("away".into());
    facts.credentials = None;
    assert_eq!(known(&facts), inventory, "waiting for the database");
}

#[test]
fn new_passwords_are_set_before_a_secret_names_them() {
    let platform = platform(Routing::Ingress);
    for lost in [facts(), Facts { credentials: None, ..serving(Routing::Ingress) }] {
        let plan = plan(&lost, &valid(&lost, &platform), &platform, &addresses()).expect("a plan");
        let at = |step: &Step| plan.steps.iter().position(|found| found == step);
        assert!(
            at(&Step::ProvisionDatabase).is_some() && at(&Step::ProvisionDatabase) < at(&Step::WriteSecrets)
        );
        assert!(at(&Step::ProvisionQueue) < at(&Step::WriteSecrets));
    }
}
