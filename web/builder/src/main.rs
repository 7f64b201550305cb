//! `cargo site`: builds the site into `target/site`.
//!
//! It compiles `crates/cam-web` for the browser, copies the files of `web/`, and makes a page of each table in
//! `docs/permissions`.
//!
//! # Layers
//!
//! 1. `pages`: pages from Markdown
//! 2. `main`: everything else

#![forbid(unsafe_code)]

mod pages;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

use wasm_bindgen_cli_support::Bindgen;

use pages::Page;

const SITE: &str = "target/site";

const TARGET: &str = "wasm32-unknown-unknown";

/// The pages of `web/`: the file of the body, the title until the script knows the language, and the script.
const PAGES: [(&str, &str, &str); 2] = [
    ("index.html", "Permissions of Tencent Cloud CAM", "matrix.js"),
    ("playground.html", "Policy playground of Tencent Cloud CAM", "playground.js"),
];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match build(&root) {
        Ok(()) => {
            println!("the site is in {SITE}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build(root: &Path) -> Result<(), Box<dyn Error>> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let wasm = compile(root, &target)?;
    // The site is a new one: a file that its sources have no longer does not stay.
    let site = root.join(SITE);
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    fs::create_dir_all(&site)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("cam").typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.web(true).map_err(|error| error.to_string())?;
    bindgen.generate(&site).map_err(|error| error.to_string())?;
    let web = root.join("web");
    for file in files(&web)? {
        if file.extension().is_some_and(|end| end == "css" || end == "js") {
            fs::copy(&file, site.join(file.file_name().unwrap_or_default()))?;
        }
    }
    let layout = fs::read_to_string(web.join("layout.html"))?;
    for (name, title, script) in PAGES {
        let body = fs::read_to_string(web.join(name))?;
        let page = Page { title, language: None, root: "", script, body: &body };
        fs::write(site.join(name), page.html(&layout))?;
    }
    let tables = site.join("permissions");
    fs::create_dir(&tables)?;
    for file in files(&root.join("docs/permissions"))? {
        let Some(name) = file.file_name().and_then(|name| name.to_str()) else { continue };
        let page = pages::table(&layout, name, &fs::read_to_string(&file)?);
        fs::write(tables.join(pages::address(name)), page)?;
    }
    Ok(())
}

/// Compiles the crate for the browser, and returns the file.
fn compile(root: &Path, target: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--package", "cam-web", "--lib", "--locked", "--profile", "web", "--target", TARGET])
        .arg("--target-dir")
        .arg(target)
        .current_dir(root)
        .status()?;
    if !status.success() {
        return Err(format!("cam-web does not compile; `rustup target add {TARGET}` adds the target").into());
    }
    Ok(target.join(TARGET).join("web/cam_web.wasm"))
}

/// Returns the files of a folder, sorted.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<PathBuf>> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut files: Vec<PathBuf> = entries?.into_iter().filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}
