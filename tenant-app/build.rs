//! Tells cargo that the program depends on the built web app and on what is written down of its statements, and refuses to
//! go without the web app where it is required.

use std::path::Path;

fn main() {
    let folder = Path::new("../web/apps/crm/dist");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-env-changed=WEB_REQUIRED");
    println!("cargo::rerun-if-changed=.sqlx");
    // `make sql` names a new folder each time, and so has all statements read anew.
    println!("cargo::rerun-if-env-changed=SQLX_OFFLINE_DIR");
    if folder.join("index.html").exists() {
        return;
    }
    let required = std::env::var("WEB_REQUIRED").is_ok_and(|value| value == "1");
    if required {
        println!("cargo::error=the web app is not built: run `npm run build` in web/apps/crm first");
    } else {
        println!("cargo::warning=the web app is not built: the program serves a page that says so");
    }
}
