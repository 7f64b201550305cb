//! `Serialize` and `Deserialize` of the generated types, as the texts that CAM uses.

/// Serializes a type with its `Display`, and deserializes it with its `FromStr`.
macro_rules! as_text {
    ($name:ty $(, $parameter:ident: $bound:path)?) => {
        impl$(<$parameter: $bound>)? ::serde_core::Serialize for $name {
            fn serialize<S: ::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de $(, $parameter: $bound)?> ::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: ::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::cam_policy::serde::parsed(deserializer)
            }
        }
    };
}
pub(crate) use as_text;
