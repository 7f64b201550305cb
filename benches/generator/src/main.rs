//! Writes what `compile.py` compares: a package of this crate's sources over a made-up catalog, and a package of
//! the same enums with strum's derives.

#[path = "../../../codegen/benches/synthetic.rs"]
mod synthetic;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use cam_policy::catalog::{Action, Catalog, Service};
use tencent_cam_codegen::{Arena, emit, parse};

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let [out, actions, services] = args.as_slice() else { panic!("usage: generator <directory> <actions> <services>") };
    let text = match services.as_str() {
        "-" => synthetic::synthetic(actions.parse().unwrap()),
        services => synthetic::in_services(actions.parse().unwrap(), services.parse().unwrap()),
    };
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", &text).unwrap_or_else(|report| panic!("{report}"));
    write_ours(&Path::new(out).join("ours"), &catalog, &text);
    write_strum(&Path::new(out).join("strum"), &catalog);
    println!("{}", catalog.services.len());
}

fn write(directory: &Path, name: &str, text: &str) {
    fs::create_dir_all(directory).unwrap();
    fs::write(directory.join(name), text).unwrap();
}

const PACKAGE: &str = "[workspace]\n[package]\nname = \"subject\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";

/// The sources and the build script stay where they are; the catalog and the features are the package's own.
fn write_ours(directory: &Path, catalog: &Catalog<'_>, text: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let ids: Vec<String> = catalog.services.iter().map(|service| format!("{:?}", service.id)).collect();
    let mut manifest = format!("{PACKAGE}build = {:?}\n[lib]\npath = {:?}\n", root.join("build.rs"), root.join("src/lib.rs"));
    let _ = writeln!(manifest, "[dependencies]\ncam-policy = {{ path = {:?} }}", root.join("crates/cam-policy"));
    let _ = writeln!(manifest, "cam-typed = {{ path = {:?} }}", root.join("crates/cam-typed"));
    let _ = writeln!(
        manifest,
        "[build-dependencies]\ntencent-cam-codegen = {{ path = {:?}, features = [\"emit\"] }}",
        root.join("codegen")
    );
    let _ = writeln!(manifest, "[lints.rust]\nunexpected_cfgs = \"allow\"");
    let _ = writeln!(manifest, "[features]\ndefault = [{}]", ids.join(", "));
    for id in &ids {
        let _ = writeln!(manifest, "{id} = []");
    }
    write(directory, "Cargo.toml", &manifest);
    write(directory, "catalog.toml", text);
}

fn write_strum(directory: &Path, catalog: &Catalog<'_>) {
    write(directory, "Cargo.toml", &format!("{PACKAGE}[dependencies]\nstrum = {{ version = \"0.28\", features = [\"derive\"] }}\n"));
    let src = directory.join("src");
    let files = emit(catalog, &[]);
    let mut root = String::from("//! The same enums.\n#![no_std]\n");
    for service in catalog.services {
        let path = format!("services/{}.rs", service.id.replace('-', "_"));
        let ours = &files.iter().find(|file| file.path == path).expect("a file a service").text;
        write(&src, &format!("{}.rs", service.id), &enums(service, ours));
        let _ = writeln!(root, "pub mod {};", service.id);
    }
    write(&src, "lib.rs", &root);
}

/// The enums of a service as the generator lays them out, documentation included, with strum's attributes.
fn enums<'c>(service: &'c Service<'c>, ours: &str) -> String {
    let actions: HashMap<&str, Action<'c>> = service.actions().map(|action| (action.name(), action)).collect();
    let mut out = String::new();
    let mut found = 0;
    let mut within = false;
    for line in ours.lines() {
        if line == "pub enum Action {" {
            break;
        }
        // A resource type is an enum without variants.
        if let Some(head) = line.strip_prefix("pub enum ").filter(|head| !head.ends_with("{}")) {
            within = true;
            let derives = "Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumString, strum::IntoStaticStr, \
                           strum::Display, strum::VariantArray, strum::EnumMessage, strum::EnumProperty";
            let _ = writeln!(out, "#[derive({derives})]\n#[non_exhaustive]\npub enum {head}");
        } else if within {
            let name = line.trim().split([' ', ',']).next().unwrap_or_default();
            let Some(action) = actions.get(name) else {
                out.push_str(line);
                out.push('\n');
                within = line != "}";
                continue;
            };
            found += 1;
            let access_level = action.access_level().map_or("unknown", |level| level.as_str());
            let _ = writeln!(
                out,
                "    #[strum(serialize = \"{}:{name}\", message = {:?}, detailed_message = {:?}, \
                 props(granularity = {:?}, access_level = {access_level:?}, link = {:?}))]\n    {name},",
                service.id,
                action.description().map_or("", |text| text.en),
                action.description().map_or("", |text| text.zh),
                action.granularity().as_str(),
                action.doc_url().unwrap_or_default(),
            );
        }
    }
    assert_eq!(found, service.actions.len(), "the layout of the generated enums has changed");
    out
}
