//! The condition keys of COS, each with the type of its values. Needs the features `cos` and `engine`.
//!
//! Which requests carry a key is in the documentation of the actions. A request without the key does not meet a condition
//! on it, unless the condition is `if_exist`.
//!
//! ```
//! use tencent_cam::cos_key;
//!
//! let private = cos_key::acl().equals(["private"]);
//! assert_eq!(private.to_string(), "string_equal of cos:x-cos-acl with private");
//! assert_eq!(cos_key::content_length().at_most(1024).to_string(), "numeric_less_than_equal of cos:content-length with 1024");
//! ```

use crate::key::{Bool, Key, Number, Text};

/// Declares the functions that return the keys.
macro_rules! keys {
    ($($(#[doc = $doc:literal])* $function:ident: $kind:ident = $make:ident($name:literal);)*) => {$(
        $(#[doc = $doc])*
        ///
        /// ```
        #[doc = concat!("tencent_cam::cos_key::", stringify!($function), "();")]
        /// ```
        ///
        /// # Panics
        ///
        /// Never: the name is that of a key.
        pub fn $function() -> Key<$kind> {
            Key::$make($name).expect("it is the name of a key")
        }

        #[cfg(test)]
        mod $function {
            #[test]
            fn is_a_key() {
                let _ = super::$function();
            }
        }
    )*};
}
keys! {
    /// `cos:secure-transport`: whether the request comes over HTTPS. All requests carry it.
    secure_transport: Bool = bool("cos:secure-transport");
    /// `cos:tls-version`: the version of TLS of an HTTPS request, such as 1.2. At the date of its page, in Beijing only.
    tls_version: Number = number("cos:tls-version");
    /// `cos:x-cos-storage-class`: the storage class of what is uploaded.
    storage_class: Text = new("cos:x-cos-storage-class");
    /// `cos:versionid`: the version of an object.
    version_id: Text = new("cos:versionid");
    /// `cos:prefix`: the prefix of a listing, URL-encoded.
    prefix: Text = new("cos:prefix");
    /// `cos:x-cos-acl`: the ACL that a request sets.
    acl: Text = new("cos:x-cos-acl");
    /// `cos:content-length`: the length of the body in bytes.
    content_length: Number = number("cos:content-length");
    /// `cos:content-type`: the media type of the body.
    content_type: Text = new("cos:content-type");
    /// `cos:response-content-type`: the media type that a download asks for, URL-encoded.
    response_content_type: Text = new("cos:response-content-type");
    /// `qcs:vpc`: the VPC from which the request comes. All requests carry it.
    vpc: Text = new("qcs:vpc");
    /// `vpc:requester_vpc`: the VPC from which the request comes, as the samples have it; the table of keys has `qcs:vpc`.
    requester_vpc: Text = new("vpc:requester_vpc");
}
