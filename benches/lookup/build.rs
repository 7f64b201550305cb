//! Writes the same names for strum and phf.

#[path = "../../codegen/benches/synthetic.rs"]
#[allow(dead_code, reason = "one of its two functions is used")]
mod synthetic;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const CATALOG: &str = "../../catalog.toml";

fn main() {
    println!("cargo::rerun-if-changed={CATALOG}");
    println!("cargo::rerun-if-changed=../../codegen/benches/synthetic.rs");
    let text = fs::read_to_string(CATALOG).unwrap();
    let documented = names(&text);
    let mut cloud: Vec<String> = documented.iter().map(|(service, name)| format!("{service}:{name}")).collect();
    for (service, list) in tencent_cam_codegen::lists(&text).unwrap().services {
        cloud.extend(list.names.keys().map(|name| format!("{service}:{name}")));
    }
    // The two services that the crate has by default.
    let real: Vec<_> = documented.into_iter().filter(|(service, _)| ["ccc", "trtc"].contains(&service.as_str())).collect();
    let made_up = names(&synthetic::in_services(10_000, 1));
    let mut out = String::new();
    let wire: Vec<String> = real.iter().map(|(service, name)| format!("{service}:{name}")).collect();
    write(&mut out, "all", &wire, true);
    for id in ["ccc", "trtc"] {
        let own: Vec<String> = real.iter().filter(|(service, _)| service == id).map(|(_, name)| name.clone()).collect();
        write(&mut out, id, &own, true);
    }
    let made_up: Vec<String> = made_up.into_iter().map(|(_, name)| name).collect();
    write(&mut out, "cloud", &cloud, false);
    // strum's `match` over 10,000 names takes rustc minutes to optimise.
    write(&mut out, "large", &made_up, false);
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap()).join("names.rs"), out).unwrap();
}

fn names(catalog: &str) -> Vec<(String, String)> {
    let arena = tencent_cam_codegen::Arena::new();
    let catalog = tencent_cam_codegen::parse(&arena, "catalog.toml", catalog).unwrap_or_else(|report| panic!("{report}"));
    catalog.actions().map(|action| (action.service().id.to_owned(), action.name().to_owned())).collect()
}

fn write(out: &mut String, module: &str, names: &[String], strum: bool) {
    let _ = writeln!(out, "pub mod {module} {{");
    let _ = writeln!(out, "pub static NAMES: &[&str] = &{names:?};");
    let _ = writeln!(out, "pub static PHF: phf::Map<&'static str, u16> = phf::phf_map! {{");
    for (number, name) in names.iter().enumerate() {
        let _ = writeln!(out, "{name:?} => {number},");
    }
    let _ = writeln!(out, "}};");
    if strum {
        let _ = writeln!(out, "#[derive(Clone, Copy, strum::EnumString)]\npub enum Strum {{");
        for (number, name) in names.iter().enumerate() {
            let _ = writeln!(out, "#[strum(serialize = {name:?})] V{number},");
        }
        let _ = writeln!(out, "}}");
    }
    let _ = writeln!(out, "}}");
}
