//! Constructors of COS resources that know how buckets are named, and what an upload needs.

use alloc::format;
use alloc::string::String;

use cam_policy::pattern_form::{ResourceError, Value, fill_checked};

use crate::Region;
use crate::resource::Resource;
use crate::services::cos::{Bucket, Object, ObjectAction};

/// Returns the bucket's name with the APPID behind it.
fn full_name(app_id: u64, bucket: &str) -> Result<String, ResourceError> {
    let (name, suffix) = bucket.rsplit_once('-').unwrap_or((bucket, ""));
    let is_app_id = suffix.len() >= 9 && suffix.bytes().all(|byte| byte.is_ascii_digit());
    if is_app_id && suffix != format!("{app_id}") {
        return Err(ResourceError::OtherAppId { placeholder: "Bucket", value: bucket.into(), app_id });
    }
    if name.is_empty() {
        return Err(ResourceError::NotAnIdentifier { placeholder: "Bucket", value: bucket.into() });
    }
    Ok(if is_app_id { bucket.into() } else { format!("{bucket}-{app_id}") })
}

impl Bucket {
    /// Returns a bucket of an APPID, by its name with or without the APPID behind it.
    ///
    /// # Errors
    ///
    /// [`ResourceError`](crate::policy::ResourceError) if the name ends with the APPID of another account, or cannot be
    /// the name of a bucket.
    ///
    /// ```
    /// use tencent_cam::{Region, cos};
    ///
    /// let region = Region::new("ap-guangzhou")?;
    /// let bucket = cos::Bucket::new(1250000000, region.clone(), "photos")?;
    /// assert_eq!(bucket.as_str(), "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/");
    /// assert_eq!(cos::Bucket::new(1250000000, region.clone(), "photos-1250000000")?, bucket);
    /// assert_eq!(
    ///     cos::Bucket::new(1250000000, region, "photos-1250000001").unwrap_err().to_string(),
    ///     "Bucket cannot be \"photos-1250000001\": it ends with another APPID than 1250000000"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(app_id: u64, region: Region, bucket: &str) -> Result<Resource<Self>, ResourceError> {
        Self::id(region, app_id, &full_name(app_id, bucket)?)
    }
}

impl Object {
    /// Returns one object of a bucket, by its exact key. The bucket's name may have the APPID behind it.
    ///
    /// # Errors
    ///
    /// Those of [`Bucket::new`], and a key that is empty or contains `*` or `$`: it would name other objects.
    ///
    /// ```
    /// use tencent_cam::{Region, cos};
    ///
    /// let object = cos::Object::new(1250000000, Region::new("ap-guangzhou")?, "photos", "2026/cat.jpg")?;
    /// assert_eq!(object.as_str(), "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/2026/cat.jpg");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        app_id: u64,
        region: Region,
        bucket: &str,
        key: &str,
    ) -> Result<Resource<Self>, ResourceError> {
        Self::id(region, app_id, &full_name(app_id, bucket)?, key)
    }

    /// Returns all objects of a bucket whose keys begin with `prefix`, which may be empty: all objects of the bucket.
    ///
    /// A prefix that is meant to be a folder ends with `/`: `photos` also covers `photos-of-others/…`.
    ///
    /// # Errors
    ///
    /// Those of [`Object::new`]. The `*` is added here: a prefix with one is refused.
    ///
    /// ```
    /// use tencent_cam::{Region, cos};
    ///
    /// let region = Region::new("ap-guangzhou")?;
    /// let mine = cos::Object::prefix(1250000000, region.clone(), "photos", "user-7/")?;
    /// assert_eq!(mine.as_str(), "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/user-7/*");
    /// assert!(cos::Object::prefix(1250000000, region, "photos", "user-*/").is_err());
    /// assert_eq!(mine.as_str().parse(), Ok(mine));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prefix(
        app_id: u64,
        region: Region,
        bucket: &str,
        prefix: &str,
    ) -> Result<Resource<Self>, ResourceError> {
        let bucket = full_name(app_id, bucket)?;
        let values = [
            ("region", Value::Region(region)),
            ("AppId", Value::Number(app_id)),
            ("Bucket", Value::Text(&bucket)),
        ];
        let start = fill_checked("qcs::cos:${region}:uid/${AppId}:${Bucket}/", &values)?;
        if !prefix.is_empty() {
            fill_checked("${Key}", &[("Key", Value::Path(prefix))])?;
        }
        Ok(Resource::of_checked(format!("{start}{prefix}*").into()))
    }
}

impl ObjectAction {
    /// The actions on objects that an upload needs, simple or in parts, and no other: it can neither read nor delete.
    ///
    /// ```
    /// use tencent_cam::{ActionEnum, cos};
    ///
    /// assert!(cos::ObjectAction::UPLOAD.iter().any(|action| action.name() == "CompleteMultipartUpload"));
    /// ```
    pub const UPLOAD: [Self; 7] = [
        Self::PutObject,
        Self::PostObject,
        Self::InitiateMultipartUpload,
        Self::UploadPart,
        Self::ListParts,
        Self::CompleteMultipartUpload,
        Self::AbortMultipartUpload,
    ];
}
