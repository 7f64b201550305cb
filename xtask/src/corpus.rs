//! The command `corpus`: runs the importer, the reader of policies or the linter on every file of a folder.

mod lint;
mod policies;

use std::io::Write;
use std::path::Path;

use lexopt::{Arg, ValueExt as _};
use tencent_cam_codegen::Arena;

use crate::error::Error;
use crate::fs::Project;
use crate::import;

/// `corpus pages|policies|lint FOLDER`
pub(crate) fn run(project: &Project, mut args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let mut values = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Value(given) => values.push(given),
            other => return Err(other.unexpected().into()),
        }
    }
    let usage = || {
        let message = "`corpus` needs what to read: `cargo xtask corpus pages FOLDER`, `policies FOLDER` or `lint FOLDER`";
        Error::Usage(message.to_owned())
    };
    let [what, folder] = <[_; 2]>::try_from(values).map_err(|_| usage())?;
    match what.string()?.as_str() {
        "pages" => import::corpus::pages(Path::new(&folder), out),
        "policies" => {
            let arena = Arena::new();
            policies::policies(&project.catalog(&arena)?, Path::new(&folder), out)
        }
        "lint" => {
            let arena = Arena::new();
            lint::policies(&project.catalog(&arena)?, Path::new(&folder), out)
        }
        _ => Err(usage()),
    }
}
