//! What people are told about catalogs with faults: every file of `tests/faults` has a snapshot of its report.

use std::fs;

use tencent_cam_codegen::parse;

#[test]
fn each_fault_is_told_where_it_is_and_what_to_write() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::glob!("faults/*.toml", |path| {
            let text = fs::read_to_string(path).expect("the file is UTF-8");
            let report = parse("catalog.toml", &text).expect_err("the catalog has faults");
            insta::assert_snapshot!(report.to_string());
        });
    });
}
