//! Planted faults: each check notices its own, and names file and line.

use crate::circles;
use crate::layers;
use crate::reading::{Program, Source};

/// A program of these files.
fn planted(name: &str, folder: &str, files: &[(&str, &str)]) -> Program {
    let source =
        |(path, text): &(&str, &str)| Source { path: format!("{folder}/{path}"), text: (*text).to_owned() };
    Program::read(name, folder, &files.iter().map(source).collect::<Vec<_>>())
}

/// What the layers of the tenant's program say of a file beside a few that are there.
fn in_tenant_app(path: &str, text: &str) -> Vec<String> {
    let files = [
        (
            "lib.rs",
            "pub mod domain; pub mod store; pub mod service; pub mod http; pub mod jobs; pub mod serve;",
        ),
        ("domain/mod.rs", "pub mod value; pub use value::Value;"),
        ("domain/value.rs", "pub struct Value;"),
        ("store/mod.rs", "pub mod users; pub use users::find as find_user;"),
        ("store/users.rs", "pub fn find() {}"),
        ("service/mod.rs", "pub mod people;"),
        ("service/people.rs", "use crate::store::users; pub fn invite() { users::find() }"),
        ("http/mod.rs", "pub mod people; pub struct App;"),
        ("http/people.rs", "use crate::service::people; pub fn invite() { people::invite() }"),
        ("jobs/mod.rs", "pub mod export; macro_rules! made { () => { pub struct Made; } }\nmade!();"),
        ("jobs/export.rs", "pub const KIND: &str = \"export\";"),
        ("serve.rs", "use crate::{http, jobs}; pub fn run() -> http::App { jobs::export::KIND; http::App }"),
    ];
    let mut files: Vec<(&str, &str)> = files.into_iter().filter(|(known, _)| *known != path).collect();
    files.push((path, text));
    let program = planted("tenant_app", "tenant-app/src", &files);
    let breaches = layers::breaches(&program, &program.imports(), layers::TENANT_APP, true);
    layers::judge(&breaches, &[])
}

#[track_caller]
fn one(wrong: &[String], parts: &[&str]) {
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    for part in parts {
        assert!(wrong[0].contains(part), "\"{part}\" is not in: {}", wrong[0]);
    }
}

#[test]
fn what_points_inward_is_fine() {
    assert_eq!(in_tenant_app("store/teams.rs", "use crate::domain::Value;"), Vec::<String>::new());
    assert_eq!(
        in_tenant_app("domain/sort.rs", "use super::Value; // crate::http::App"),
        Vec::<String>::new()
    );
    // In a comment and in a text it is no import.
    let text = "/// [`crate::http::App`]\npub const TEXT: &str = \"crate::http::App\";";
    assert_eq!(in_tenant_app("domain/text.rs", text), Vec::<String>::new());
    // So is no variable that is named as a crate or a module is.
    let text = "use super::*;\npub fn named(redis: u8, value: u8) -> u8 { let http = redis; http + value }";
    assert_eq!(in_tenant_app("domain/text.rs", text), Vec::<String>::new());
}

#[test]
fn every_form_of_an_import_is_noticed() {
    for (text, line) in [
        ("use crate::http::App;", 1),
        ("\nuse crate::{domain::Value, http::{self, App}};", 2),
        ("use super::super::http::App as Other;", 1),
        ("use crate::http::*;", 1),
        ("pub use crate::http::App;", 1),
        ("fn inline() {\n    let _ = crate::http::App;\n}", 2),
        ("struct Holds {\n\n    app: Option<crate::http::App>,\n}", 3),
        ("impl From<super::super::http::App> for u8 {}", 1),
        ("fn told() {\n    println!(\"{}\", crate::http::people::invite());\n}", 2),
        (
            "#[derive(serde::Serialize)]\nstruct Form {\n    #[serde(with = \"crate::http::people\")]\n    field: u8,\n}",
            3,
        ),
        ("#[cfg(test)]\nmod tests {\n    use crate::http::App;\n}", 3),
        ("mod inner {\n    use super::super::super::http::App;\n}", 2),
        ("use tenant_app::http::App;", 1),
    ] {
        let wrong = in_tenant_app("store/teams.rs", text);
        let place = format!("tenant-app/src/store/teams.rs:{line}: `store` must not import `http`");
        assert!(!wrong.is_empty() && wrong.iter().all(|told| told.starts_with(&place)), "{text}: {wrong:?}");
    }
}

#[test]
fn layers_that_point_outward_are_noticed() {
    for (path, text, told) in [
        ("domain/value.rs", "use crate::store::users::find;", "value.rs:1: `domain` must not import `store`"),
        (
            "domain/value.rs",
            "#[derive(sqlx::FromRow)]\npub struct Value;",
            "`domain` must not know the crate sqlx",
        ),
        (
            "domain/value.rs",
            "struct Row {\n    #[sqlx(flatten)]\n    inner: u8,\n}",
            "value.rs:2: `domain` must not know the crate sqlx",
        ),
        ("domain/value.rs", "use utoipa::ToSchema;", "`domain` must not know the crate utoipa"),
        ("store/teams.rs", "use axum::Json;", "`store` must not know the crate axum"),
        ("service/teams.rs", "use axum::Json;", "`service` must not know the crate axum"),
        ("service/teams.rs", "use crate::http::App;", "`service` must not import `http`"),
        ("service/teams.rs", "use crate::jobs::Made;", "`service` must not import `jobs`"),
        ("context.rs", "use crate::service::people;", "context.rs:1: `context` must not import `service`"),
        ("entropy/mod.rs", "use crate::domain::Value;", "`entropy` must not import `domain`"),
        ("http/exports.rs", "use crate::jobs::export::KIND;", "`http` must not import `jobs`"),
        ("jobs/mails.rs", "use crate::http::App;", "`jobs` must not import `http`"),
        ("http/start.rs", "use crate::serve;", "`http` must not import `serve`"),
        ("helpers.rs", "", "helpers.rs:1: `helpers` has no layer"),
    ] {
        one(&in_tenant_app(path, text), &[told]);
    }
}

#[test]
fn what_is_shown_elsewhere_belongs_to_who_defines_it() {
    let wrong = in_tenant_app("domain/sort.rs", "use crate::store::find_user;");
    one(&wrong, &["`domain` must not import `store` (crate::store::find_user)"]);
    let program = planted(
        "operator",
        "operator/src",
        &[
            ("main.rs", "mod tenant; mod shown;"),
            ("shown.rs", "pub(crate) use crate::tenant::Facts;"),
            ("tenant.rs", "pub(crate) struct Facts;"),
            ("postgres.rs", "use crate::shown::Facts;"),
        ],
    );
    let breaches = layers::breaches(&program, &program.imports(), layers::OPERATOR, false);
    one(&layers::judge(&breaches, &[]), &["operator/src/postgres.rs:1: `postgres` must not import `tenant`"]);
}

#[test]
fn layers_of_the_operator_that_point_outward_are_noticed() {
    for (path, text, told) in [
        ("instance/names.rs", "use crate::kubernetes::Client;", "`instance` must not import `kubernetes`"),
        ("instance/names.rs", "use crate::metrics::Metrics;", "`instance` must not import `metrics`"),
        ("instance/names.rs", "use sqlx::PgPool;", "`instance` must not know the crate sqlx"),
        ("kubernetes/apply.rs", "use crate::tenant::Facts;", "`kubernetes` must not import `tenant`"),
        ("redis/users.rs", "use crate::servers::Server;", "`redis` must not import `servers`"),
        ("servers/mod.rs", "pub use crate::tenant::Facts;", "`servers` must not import `tenant`"),
        ("tenant/apply.rs", "use crate::run::Options;", "`tenant` must not import `run`"),
        ("metrics.rs", "use crate::commands::Secrets;", "`metrics` must not import `commands`"),
    ] {
        let files = [
            ("main.rs", "mod run; fn main() { run::run() }"),
            ("kubernetes/mod.rs", "pub struct Client;"),
            ("servers.rs", "pub struct Server;"),
            ("tenant/mod.rs", "pub struct Facts;"),
            ("metrics/mod.rs", "pub struct Metrics;"),
            ("run.rs", "pub struct Options; pub fn run() {}"),
            ("commands/mod.rs", "pub struct Secrets;"),
            (path, text),
        ];
        let program = planted("operator", "operator/src", &files);
        let breaches = layers::breaches(&program, &program.imports(), layers::OPERATOR, false);
        one(&layers::judge(&breaches, &[]), &[&format!("operator/src/{path}:1: {told}")]);
    }
}

#[test]
fn a_shared_crate_that_knows_a_program_is_noticed() {
    let program = planted("", "crates/http/src", &[("lib.rs", "\nuse tenant_app::domain::Value;")]);
    let breaches = layers::programs_named(&program, &program.imports());
    one(
        &layers::judge(&breaches, &[]),
        &["crates/http/src/lib.rs:2: a shared crate must not know tenant_app"],
    );
}

/// What is wrong with circles of files, and with those of folders.
fn circles(files: &[(&str, &str)], excused: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let program = planted("", "src", files);
    let graph = circles::of_files(&program, &program.imports());
    let folders = circles::of_folders(&graph, excused);
    (circles::judge(&graph, excused), circles::judge(&folders, &[]))
}

#[test]
fn a_circle_of_files_is_noticed() {
    let files = [
        ("lib.rs", "mod one; mod two; mod three;"),
        ("one.rs", "use crate::two;\nfn one() { two::two() }"),
        ("two.rs", "pub fn two() { super::three::three() }"),
        ("three.rs", "use crate::one::One; pub fn three() {}"),
    ];
    let told = [
        "a circle of 3",
        "src/one.rs → src/two.rs, see src/one.rs:2 (two::two)",
        "src/two.rs → src/three.rs, see src/two.rs:1 (super::three::three)",
        "src/three.rs → src/one.rs, see src/three.rs:1 (crate::one::One)",
    ];
    one(&circles(&files, &[]).0, &told);
    let excused = [("src/three.rs", "src/one.rs")];
    assert_eq!(circles(&files, &excused), (vec![], vec![]));
    let stale = [("src/three.rs", "src/one.rs"), ("src/one.rs", "src/three.rs")];
    one(&circles(&files, &stale).0, &["(src/one.rs, src/three.rs) closes no circle any more"]);
}

#[test]
fn a_circle_of_a_module_and_its_child_is_noticed() {
    let child = ("child.rs", "use super::Defined; pub fn build() {}");
    let needs = [("lib.rs", "mod child;\npub struct Defined;\npub fn run() { child::build() }"), child];
    one(&circles(&needs, &[]).0, &["src/child.rs → src/lib.rs", "see src/lib.rs:3 (child::build)"]);
    // Declaring a child and showing what it defines is no need of it.
    let shows = [("lib.rs", "mod child; pub use child::build; pub struct Defined;"), child];
    assert_eq!(circles(&shows, &[]), (vec![], vec![]));
    let tests = [
        ("lib.rs", "mod child; pub struct Defined;\n#[cfg(test)] mod tests { use super::child::build; }"),
        child,
    ];
    assert_eq!(circles(&tests, &[]), (vec![], vec![]));
}

#[test]
fn a_circle_of_folders_is_noticed() {
    let files = [
        ("lib.rs", ""),
        ("one/a.rs", "use crate::two::a::A;"),
        ("one/b.rs", "pub struct B;"),
        ("two/a.rs", "pub struct A;"),
        ("two/deep/b.rs", "\nuse crate::one::b::B;"),
    ];
    let (of_files, of_folders) = circles(&files, &[]);
    assert_eq!(of_files, Vec::<String>::new());
    one(
        &of_folders,
        &["src/one → src/two, see src/one/a.rs:1", "src/two → src/one, see src/two/deep/b.rs:2"],
    );
}

#[test]
fn an_exception_that_is_no_longer_needed_is_noticed() {
    one(&layers::judge(&[], &[("a.rs", "sqlx")]), &["(a.rs, sqlx) is no longer needed"]);
    let program =
        planted("operator", "operator/src", &[("main.rs", ""), ("instance.rs", "use sqlx::PgPool;")]);
    let breaches = layers::breaches(&program, &program.imports(), layers::OPERATOR, false);
    assert_eq!(layers::judge(&breaches, &[("operator/src/instance.rs", "sqlx")]), Vec::<String>::new());
}
