//! Where configurations come from.

use std::path::Path;

use cam_workspace::configured::{Configured, Place, Unusable};
use cam_workspace::files;
use jiff::civil::Date;

/// What the server asks of the machine that it runs on.
///
/// ```
/// use std::path::Path;
/// use cam_lsp::{Disk, Host};
///
/// assert!(Disk.configured(Path::new("policy.json")).is_ok());
/// ```
pub trait Host {
    /// Returns the configuration that counts for a file.
    ///
    /// # Errors
    ///
    /// If there is one, and it cannot be used.
    fn configured(&self, file: &Path) -> Result<Configured, Unusable>;

    /// Returns the text of a file; `None` if it cannot be read.
    fn text(&self, file: &Path) -> Option<String>;

    /// Returns the day, for suppressions that expire.
    fn today(&self) -> Date;
}

/// The file system and the clock.
///
/// See [`Host`] for an example.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Host for Disk {
    fn configured(&self, file: &Path) -> Result<Configured, Unusable> {
        Configured::read(Place::of(file, None))
    }

    fn text(&self, file: &Path) -> Option<String> {
        files::read(file).ok()
    }

    fn today(&self) -> Date {
        jiff::Zoned::now().date()
    }
}
