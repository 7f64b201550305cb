variable "app" {
  type = number
}

resource "tencentcloud_cam_policy" "support" {
  name     = "support"
  document = <<-EOT
    {
      "version": "2.0",
      "statement": [{"effect": "allow", "action": ["trtc:Remove*"], "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]
    }
  EOT
}


resource "tencentcloud_cam_role" "logs" {
  name     = "logs"
  document = jsonencode({
    version   = "2.0"
    statement = [{ effect = "allow", action = ["name/sts:AssumeRole"], principal = { service = ["cls.cloud.tencent.com"] } }]
  })
}
