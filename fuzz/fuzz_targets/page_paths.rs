//! Any text is a page that can be imported, and then again without a change, or one whose errors can be told. No API in the
//! rows of a Markdown table is lost.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tencent_cam_fuzz::{import_twice, loses_no_row};
use xtask::import::Family;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    loses_no_row(bytes);
    if import_twice(bytes, Family::ResourcePath) { Corpus::Keep } else { Corpus::Reject }
});
