//! Tells cargo that the program depends on the built web app, and refuses to go without it where it is required.

use std::path::Path;

fn main() {
    let folder = Path::new("../web/apps/crm/dist");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-env-changed=WEB_REQUIRED");
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
