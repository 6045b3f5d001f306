//! The rights of the built-in roles, as a new organisation has them: a golden file.

use std::fmt::Write;

use tenant_app::domain::access::{Action, Level};
use tenant_app::domain::metadata::registry::{Access, Registry};
use tenant_app::store::access::{rights, roles};
use uuid::Uuid;

use crate::world::World;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/permissions/matrix.md");

/// What a person with one role may do, as the database and the program give it together.
async fn matrix(world: &World) -> String {
    let mut connection = world.instance.pool.acquire().await.expect("connected");
    let registry = Registry::standard();
    let mut text = String::new();
    for role in roles::all(&mut connection).await.expect("roles") {
        let key = role.key.expect("built in");
        let user = Uuid::now_v7();
        world.instance.stored_person(user, &key, &[&key]).await;
        let rights = rights::of_user(&mut connection, user).await.expect("rights");
        writeln!(text, "## {key}\n").expect("written");
        writeln!(text, "| object | {} |", Action::ALL.map(Action::as_str).join(" | ")).expect("written");
        writeln!(text, "|---|{}", "---|".repeat(Action::ALL.len())).expect("written");
        for object in registry.objects() {
            let level = |action| match rights.level(&object.name, action) {
                _ if object.access == Access::Linked && action == Action::Read => "with what it hangs on",
                Level::None => "–",
                Level::Own => "own",
                Level::Team => "team",
                Level::TeamAndBelow => "team and below",
                Level::All => "all",
            };
            writeln!(text, "| {} | {} |", object.name, Action::ALL.map(level).join(" | ")).expect("written");
        }
        let areas: Vec<&str> = tenant_app::domain::access::Area::ALL
            .into_iter()
            .filter(|area| rights.manages(*area))
            .map(tenant_app::domain::access::Area::as_str)
            .collect();
        writeln!(text, "\nSettings: {}\n", if areas.is_empty() { "none".into() } else { areas.join(", ") })
            .expect("written");
    }
    text
}

#[tokio::test]
async fn the_built_in_roles_are_as_they_are_written_down() {
    let fresh = format!("# The built-in roles\n\n{}", matrix(&World::new().await).await);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(GOLDEN, &fresh).expect("written");
    }
    let committed = std::fs::read_to_string(GOLDEN).expect("committed");
    assert_eq!(committed, fresh, "if this is meant: UPDATE=1 cargo test -p tenant-app --test permissions");
}
