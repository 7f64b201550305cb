//! The command `expand`: prints the generated Rust.

use std::io::Write;

use tencent_cam_codegen::Arena;

use crate::arguments::one_value;
use crate::error::{Error, did_you_mean};
use crate::fs::Project;

/// `expand [SERVICE]`
pub(crate) fn expand(project: &Project, args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let service = one_value(args)?;
    let arena = Arena::new();
    let catalog = project.catalog(&arena)?;
    let files = tencent_cam_codegen::emit(&catalog, &[]);
    let Some(service) = service else {
        for file in files.iter().filter(|file| file.path.starts_with("services/")) {
            writeln!(out, "// {}\n{}", file.path, file.text)?;
        }
        return Ok(());
    };
    let ids: Vec<&str> = catalog.services.iter().map(|service| service.id).collect();
    if !ids.contains(&service.as_str()) {
        return Err(Error::Usage(format!("no service `{service}`{}", did_you_mean(&service, &ids))));
    }
    // The module of a service has `_` where the abbreviation has `-`.
    let path = format!("services/{}.rs", service.replace('-', "_"));
    let file = files
        .iter()
        .find(|file| file.path == path)
        .ok_or_else(|| Error::wrong(format_args!("nothing is generated for `{service}`")))?;
    Ok(out.write_all(file.text.as_bytes())?)
}
