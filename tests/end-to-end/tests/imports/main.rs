//! Who may import whom: layers point inward, and nothing goes in circles. Reads the sources of the programs and of the
//! crates that they share.

mod circles;
mod exceptions;
mod layers;
mod planted;
mod reading;
mod resolving;
mod tokens;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use layers::Layer;
use reading::Program;
use resolving::Import;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Read {
    program: Program,
    imports: Vec<Import>,
}

fn read(name: &str, folder: &str) -> Read {
    let program = Program::read(name, folder, &reading::sources(&root(), folder));
    let imports = program.imports();
    Read { program, imports }
}

static TENANT_APP: LazyLock<Read> = LazyLock::new(|| read("tenant_app", "tenant-app/src"));
static OPERATOR: LazyLock<Read> = LazyLock::new(|| read("operator", "operator/src"));
/// All crates of `crates/`, and the crate of the custom resources.
static SHARED: LazyLock<Vec<Read>> = LazyLock::new(|| {
    let crates = std::fs::read_dir(root().join("crates")).expect("crates");
    let mut folders: Vec<String> = crates
        .map(|entry| format!("crates/{}/src", entry.expect("an entry").file_name().to_string_lossy()))
        .collect();
    folders.push("crds/src".to_owned());
    folders.sort();
    folders.iter().map(|folder| read("", folder)).collect()
});

fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn check_layers(Read { program, imports }: &Read, layers: &[Layer], closed: bool) {
    let found = layers::breaches(program, imports, layers, closed);
    nothing(&layers::judge(&found, &exceptions::of(exceptions::LAYERS, &program.folder)));
}

#[test]
fn the_layers_of_the_tenants_program_point_inward() {
    check_layers(&TENANT_APP, layers::TENANT_APP, true);
}

#[test]
fn the_layers_of_the_operator_point_inward() {
    check_layers(&OPERATOR, layers::OPERATOR, false);
}

#[test]
fn shared_crates_know_no_program() {
    let told = |read: &Read| layers::programs_named(&read.program, &read.imports);
    let wrong: Vec<String> = SHARED.iter().flat_map(told).map(|breach| breach.told).collect();
    nothing(&wrong);
}

fn circles_of(Read { program, imports }: &Read) -> Vec<String> {
    let files = circles::of_files(program, imports);
    let excused = exceptions::of(exceptions::FILES, &program.folder);
    let folders = circles::of_folders(&files, &excused);
    let of_files = circles::judge(&files, &excused);
    let of_folders = circles::judge(&folders, &exceptions::of(exceptions::FOLDERS, &program.folder));
    [of_files, of_folders].concat()
}

#[test]
fn no_files_and_no_folders_of_the_tenants_program_go_in_circles() {
    nothing(&circles_of(&TENANT_APP));
}

#[test]
fn no_files_and_no_folders_of_the_operator_go_in_circles() {
    nothing(&circles_of(&OPERATOR));
}

#[test]
fn no_files_and_no_folders_of_shared_crates_go_in_circles() {
    nothing(&SHARED.iter().flat_map(circles_of).collect::<Vec<_>>());
}

#[test]
fn every_exception_speaks_of_sources_that_are_read() {
    let read = [&*TENANT_APP, &*OPERATOR].into_iter().chain(SHARED.iter());
    let folders: Vec<String> = read.map(|read| format!("{}/", read.program.folder)).collect();
    for (from, _) in [exceptions::LAYERS, exceptions::FILES, exceptions::FOLDERS].concat() {
        assert!(folders.iter().any(|folder| from.starts_with(folder)), "nobody reads the exception {from}");
    }
}
