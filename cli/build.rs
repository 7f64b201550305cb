//! Links the binary at a fixed address where that is known to work.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // At a free address, the loader patches 20,000 pointers in the tables of the catalog at each start, and the file has 24
    // bytes for each. The price: the addresses of the program's own code are not random.
    let target = |key| env::var(key).unwrap_or_default();
    if target("CARGO_CFG_TARGET_OS") == "linux" && target("CARGO_CFG_TARGET_ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
