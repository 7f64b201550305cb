//! Writes the peers of the catalog's names: an enum for strum, a map for phf.

use std::fmt::Write as _;
use std::{env, fs, path::PathBuf};

fn main() {
    let path = "../../catalog.toml";
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(path).expect("the catalog");
    let catalog = tencent_cam_codegen::parse(path, &text).expect("a valid catalog");
    let (mut strum, mut phf, mut names) = (String::new(), String::new(), String::new());
    for service in &catalog.services {
        for action in &service.actions {
            let (wire, variant) = (format!("{}:{}", service.id, action.name), format!("{}_{}", service.id, action.name));
            writeln!(strum, "#[strum(serialize = {wire:?})] {variant},").unwrap();
            writeln!(phf, "{wire:?} => Strum::{variant},").unwrap();
            writeln!(names, "{wire:?},").unwrap();
        }
    }
    let generated = format!(
        "#[allow(non_camel_case_types)]\n#[derive(Clone, Copy, Debug, strum::EnumString)]\npub enum Strum {{ {strum} }}\n\
         pub static PHF: phf::Map<&'static str, Strum> = phf::phf_map! {{ {phf} }};\n\
         pub const NAMES: &[&str] = &[{names}];\n"
    );
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("OUT_DIR"));
    fs::write(out.join("peers.rs"), generated).expect("OUT_DIR can be written");
}
