//! The facts of services: the compiled catalog, and what `--catalog` adds to it.

use std::fs;
use std::path::PathBuf;

use cam_policy::catalog::{Catalog, Service};
use tencent_cam_codegen::{Arena, parse};

use crate::exit::Failure;

/// Returns the compiled catalog with the services of these files. A service of a later file replaces the one of the same
/// name.
pub(crate) fn load(files: &[PathBuf]) -> Result<Catalog<'static>, Failure> {
    let compiled: &Catalog<'static> = tencent_cam::CATALOG;
    if files.is_empty() {
        return Ok(*compiled);
    }
    let mut services: Vec<Service<'static>> = compiled.services.to_vec();
    let mut version = compiled.version;
    for file in files {
        let name = file.display().to_string();
        let text = fs::read_to_string(file)
            .map_err(|error| Failure::new(format_args!("cannot read the catalog {name}: {error}")))?;
        // The catalog lives as long as the program, which reads it once.
        let arena: &'static Arena = Box::leak(Box::new(Arena::new()));
        let read = parse(arena, &name, &text).map_err(|report| {
            Failure::new(format_args!("{name} is no catalog:\n{report}"))
                .with_help("docs/catalog.schema.json describes the format; `cargo xtask import` writes it from Tencent's pages")
        })?;
        version = version.max(read.version);
        for service in read.services {
            match services.binary_search_by(|one| one.id.cmp(service.id)) {
                Ok(at) => services[at] = *service,
                Err(at) => services.insert(at, *service),
            }
        }
    }
    Ok(Catalog { version, services: Vec::leak(services) })
}
