//! `CAM9xx`: what the tools around the linter report. The linter itself raises only `CAM904`.

use crate::rule::{Basis, Rule, Severity, declare, text};

/// What the rules of this file have in common.
const KEPT: Rule = Rule {
    basis: Basis::Assumption(text(
        "None: it is about the files, not about CAM",
        "无：它与文件有关，与 CAM 无关",
    )),
    suppressible: false,
    ..Rule::BASE
};

declare! {
    UNUSED_SUPPRESSION = Rule {
        id: "CAM901",
        name: "unused-suppression",
        summary: text("A suppression suppresses nothing", "抑制项没有抑制任何问题"),
        why: text(
            "The finding that it was written for is gone. Left in place, it would hide the next one.",
            "它所针对的问题已不存在。若保留，将掩盖以后出现的问题。",
        ),
        ..KEPT
    };
    EXPIRED_SUPPRESSION = Rule {
        id: "CAM902",
        name: "expired-suppression",
        summary: text("A suppression has expired", "抑制项已过期"),
        why: text(
            "Its author wanted the finding to come back after that day.",
            "编写者希望在该日期之后重新看到此问题。",
        ),
        ..KEPT
    };
    UNREADABLE = Rule {
        id: "CAM903",
        name: "unreadable",
        severity: Severity::Error,
        summary: text("A file, or a policy in it, cannot be read", "文件或其中的策略无法读取"),
        why: text(
            "What cannot be read was not checked.",
            "无法读取的内容没有经过检查。",
        ),
        ..KEPT
    };
    NOT_LISTED = Rule {
        id: "CAM904",
        name: "not-listed",
        summary: text("The policy has more findings than are listed", "策略中的问题多于列出的数量"),
        why: text(
            "The reader and the check of the core list at most 100 each. Mend those, and the others appear.",
            "读取和检查各最多列出 100 项。修正后会显示其余问题。",
        ),
        ..KEPT
    };
}
