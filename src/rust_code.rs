//! stub
use alloc::string::String;
/// stub
pub struct RustCodeError;
/// stub
pub fn to_rust(_: &crate::Policy) -> Result<String, RustCodeError> {
    Err(RustCodeError)
}
