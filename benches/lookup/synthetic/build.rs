//! As the build script of tencent-cam, over another catalog.

#[path = "../../../codegen/benches/synthetic.rs"]
#[allow(dead_code, reason = "one of its two functions is used")]
mod synthetic;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=../../../codegen/benches/synthetic.rs");
    let text = synthetic::in_services(10_000, 1);
    let arena = tencent_cam_codegen::Arena::new();
    let catalog = tencent_cam_codegen::parse(&arena, "catalog.toml", &text).unwrap_or_else(|report| panic!("{report}"));
    let out = env::var_os("OUT_DIR").unwrap();
    for file in tencent_cam_codegen::emit(&catalog, &[]) {
        let path = Path::new(&out).join(file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
}
