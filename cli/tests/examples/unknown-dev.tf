resource "tencentcloud_cam_policy" "stop" {
  name = "stop"
  document = jsonencode({
    version = "2.0"
    statement = [{
      effect = "allow", action = ["cvm:StopInstances"],
      resource = ["qcs::cvm:ap-guangzhou:uin/100000000001:instance/${var.dev_instance}"]
    }]
  })
}

resource "aws_iam_policy" "other" {
  name = "other"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}
