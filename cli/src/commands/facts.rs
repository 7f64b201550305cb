//! `catalog`: which facts the program has, and from where.

use std::fmt::Write as _;

use cam_policy::catalog::{Catalog, Granularity};
use serde::Serialize;

use crate::exit::{Exit, Outcome};
use crate::names;
use crate::print::{self, Format};

/// Shows the version of the catalog, and the source of each service with the day it was read
///
/// With --catalog FILE it shows what the program uses with the file.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only these services
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam catalog > services.txt
  tencent-cam catalog trtc ccc
  tencent-cam catalog acme --catalog company.toml";

#[derive(Serialize)]
struct Answer<'a> {
    version: u32,
    services: Vec<Service<'a>>,
}

#[derive(Serialize)]
struct Service<'a> {
    id: &'a str,
    name: &'a str,
    name_zh: &'a str,
    actions: usize,
    undocumented: usize,
    complete: Option<bool>,
    source: &'a str,
    url: Option<&'a str>,
    read: &'a str,
}

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    for id in &args.services {
        names::service(catalog, id)?;
    }
    let is_asked = |id: &str| args.services.is_empty() || args.services.iter().any(|asked| asked == id);
    let services: Vec<Service<'_>> = catalog
        .services
        .iter()
        .filter(|service| is_asked(service.id))
        .map(|service| {
            let undocumented = service
                .actions
                .iter()
                .filter(|action| action.granularity == Granularity::Undocumented)
                .count();
            Service {
                id: service.id,
                name: service.name.en,
                name_zh: service.name.zh,
                actions: service.actions.len() - undocumented,
                undocumented,
                complete: service.complete,
                source: service.source.title,
                url: service.source.url,
                read: service.source.read,
            }
        })
        .collect();
    match args.format {
        Format::Json => print::json(&Answer { version: catalog.version, services })?,
        Format::Text => {
            let mut out = format!("catalog version {}\n", catalog.version);
            for one in &services {
                let complete = match one.complete {
                    Some(true) => "every action of the permission page",
                    Some(false) => "not every action of the permission page",
                    None => "unknown whether every action of the permission page",
                };
                let _ = writeln!(out, "{}: {} ({})", one.id, one.name, one.name_zh);
                let _ = writeln!(out, "  actions: {}, {complete}", one.actions);
                if one.undocumented > 0 {
                    let _ = writeln!(out, "  actions that no permission page lists: {}", one.undocumented);
                }
                let _ = writeln!(out, "  source: {}, read on {}", one.source, one.read);
                if let Some(url) = one.url {
                    let _ = writeln!(out, "  {url}");
                }
            }
            print::text(&out)?;
        }
    }
    Ok(Exit::Clean)
}
