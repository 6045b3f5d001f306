//! `operator crds`: the custom resource definitions as YAML.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::options::CrdsOptions;

/// Prints all of them, or writes one file each.
pub(crate) fn run(options: &CrdsOptions) -> anyhow::Result<ExitCode> {
    let CrdsOptions { directory } = options;
    for (file, yaml) in crds::manifests()? {
        match directory {
            Some(directory) => {
                let path = directory.join(file);
                std::fs::write(&path, yaml).with_context(|| format!("writing {}", path.display()))?;
            }
            None => println!("---\n{yaml}"),
        }
    }
    Ok(ExitCode::SUCCESS)
}
