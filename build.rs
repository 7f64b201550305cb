//! Generates the typed API from `catalog.toml`, or fails with every fault of the catalog.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs, io};

const CATALOG: &str = "catalog.toml";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={CATALOG}");
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error=cannot generate the API from {CATALOG}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> io::Result<()> {
    let catalog =
        tencent_cam_codegen::model::parse(CATALOG, &fs::read_to_string(CATALOG)?).map_err(|report| {
            eprint!("{report}");
            report.lines().iter().for_each(|line| println!("cargo::error={line}"));
            io::Error::other("it has faults")
        })?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let manifest = fs::read_to_string("Cargo.toml")?;
    let has_feature = |name: &str| tencent_cam_codegen::has_feature(&manifest, name);
    for file in tencent_cam_codegen::emit_with(&catalog, has_feature) {
        let path = out.join(file.path);
        fs::create_dir_all(path.parent().unwrap_or(&out))?;
        fs::write(path, file.text)?;
    }
    Ok(())
}
