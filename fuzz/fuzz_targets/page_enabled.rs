//! Any text is a page that can be imported, and then again without a change, or one whose errors can be told.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tencent_cam_fuzz::import_twice;
use xtask::import::Family;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if import_twice(bytes, Family::CamEnabled) { Corpus::Keep } else { Corpus::Reject }
});
