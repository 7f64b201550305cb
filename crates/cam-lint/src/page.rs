//! The pages of Tencent's documentation that rules rest on.

use crate::rule::Basis;

pub(crate) const ELEMENTS: Basis = Basis::Documented("https://cloud.tencent.com/document/product/598/10603");
pub(crate) const SYNTAX: Basis = Basis::Documented("https://cloud.tencent.com/document/product/598/10604");
pub(crate) const EVALUATION: Basis =
    Basis::Documented("https://cloud.tencent.com/document/product/598/10605");
pub(crate) const RESOURCES: Basis = Basis::Documented("https://cloud.tencent.com/document/product/598/10606");
pub(crate) const CONDITIONS: Basis =
    Basis::Documented("https://cloud.tencent.com/document/product/598/10608");
pub(crate) const ERROR_CODES: Basis =
    Basis::Documented("https://cloud.tencent.com/document/product/598/33168");
