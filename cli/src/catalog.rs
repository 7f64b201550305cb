//! The facts of services: the compiled catalog, and what the configuration and `--catalog` add to it.

use std::path::{Path, PathBuf};

use cam_policy::catalog::{Catalog, Service};
use cam_workspace::configured::Place;
use cam_workspace::files as workspace;
use tencent_cam_codegen::{Arena, parse};

use crate::exit::Failure;
use crate::texts::read_config;

/// Returns the catalogs that a configuration names, and then these files.
pub(crate) fn files(configuration: Option<&Path>, given: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all: Vec<PathBuf> = Vec::new();
    if let Some(configuration) = configuration {
        let folder = configuration.parent().unwrap_or(Path::new(""));
        let read = read_config(Place::of(configuration, Some(configuration)))?;
        all.extend(read.config.catalogs.iter().map(|name| folder.join(name)));
    }
    all.extend_from_slice(given);
    Ok(all)
}

/// Returns the compiled catalog with the services of the catalogs that a configuration names, and then of these files. A
/// service of a later file replaces the one of the same name.
pub(crate) fn load(configuration: Option<&Path>, given: &[PathBuf]) -> Result<Catalog<'static>, Failure> {
    let all = files(configuration, given)?;
    let compiled: &Catalog<'static> = tencent_cam::CATALOG;
    if all.is_empty() {
        return Ok(*compiled);
    }
    let mut services: Vec<Service<'static>> = compiled.services.to_vec();
    let mut version = compiled.version;
    for file in &all {
        let name = file.display().to_string();
        let text = workspace::read(file)
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
