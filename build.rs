//! Generates the typed API from `catalog.toml`, or fails with every error of the services that are on.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs, io};

use tencent_cam_codegen::Arena;

const CATALOG: &str = "catalog.toml";
const MANIFEST: &str = "Cargo.toml";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={CATALOG}");
    println!("cargo::rerun-if-changed={MANIFEST}");
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error=cannot generate the API from {CATALOG}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> io::Result<()> {
    let text = fs::read_to_string(CATALOG)?;
    let features = tencent_cam_codegen::features(&fs::read_to_string(MANIFEST)?);
    let (tables, _) = tencent_cam_codegen::split(&text);
    let parts = tencent_cam_codegen::parts(tables);
    let off: Vec<&str> =
        parts[1..].iter().map(|(id, _)| *id).filter(|id| !is_enabled(&features, id)).collect();
    // Reading takes time. But whoever looks up names finds also those of the services that are off.
    let is_read = |service: &str| cfg!(feature = "names") || !off.contains(&service);
    let services = tencent_cam_codegen::only(&parts, is_read);
    let arena = Arena::new();
    let catalog = tencent_cam_codegen::parse(&arena, CATALOG, &services).map_err(|report| {
        eprint!("{report}");
        for line in report.lines() {
            println!("cargo::error={line}");
        }
        io::Error::other("it has errors")
    })?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    for file in tencent_cam_codegen::emit(&catalog, &off) {
        let path = out.join(file.path);
        fs::create_dir_all(path.parent().unwrap_or(&out))?;
        fs::write(path, file.text)?;
    }
    #[cfg(feature = "names")]
    {
        let lists = tencent_cam_codegen::lists(&text).map_err(|wrong| {
            for line in wrong {
                println!("cargo::error={CATALOG}: {line}");
            }
            io::Error::other("its lists of names have errors")
        })?;
        fs::write(out.join("names.rs"), tencent_cam_codegen::emit_lists(&catalog, &lists))?;
    }
    Ok(())
}

/// Whether the feature of a service is on. A service without a feature is compiled, so that it is not left out in silence.
fn is_enabled(features: &[String], service: &str) -> bool {
    let feature = format!("CARGO_FEATURE_{}", service.to_uppercase().replace('-', "_"));
    env::var_os(feature).is_some() || !features.iter().any(|own| own == service)
}
