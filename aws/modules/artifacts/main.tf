# What hosts are made from: the scripts of host/, the job's jar, its configuration; and, kept by the first host that comes,
# Kafka's and Flink's archives. Each host's settings are put beside them by the module that makes it.

variable "name" {
  description = "First part of every name."
  type        = string
}

variable "job_jar" {
  description = "Path of the job's jar."
  type        = string
}

variable "flink_conf" {
  description = "Path of Flink's configuration directory."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts the bucket; null: S3's own."
  type        = string
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes the bucket although it holds objects."
  type        = bool
}

locals {
  host = "${path.module}/../../host"

  artifacts = merge(
    { "quotelake-flink-job.jar" = var.job_jar },
    { for name in setsubtract(fileset(local.host, "*"), ["boot.sh"]) : "host/${name}" => "${local.host}/${name}" },
    { for name in fileset(var.flink_conf, "*") : "flink-conf/${name}" => "${var.flink_conf}/${name}" },
  )
}

module "bucket" {
  source                   = "../bucket"
  prefix                   = "${var.name}-artifacts"
  abort_uploads_after_days = 1
  kms_key_arn              = var.kms_key_arn
  force_destroy            = var.force_destroy
}

resource "aws_s3_object" "artifact" {
  for_each    = local.artifacts
  bucket      = module.bucket.name
  key         = each.key
  source      = each.value
  source_hash = fileexists(each.value) ? filesha256(each.value) : ""

  lifecycle {
    precondition {
      condition     = fileexists(each.value)
      error_message = "${each.value} is missing: build the project first, with mvn -DskipTests package at its root."
    }
  }
}

# Whoever uses the bucket's name finds it filled.
output "bucket" {
  description = "The bucket's name and ARN."
  value       = { name = module.bucket.name, arn = module.bucket.arn }
  depends_on  = [aws_s3_object.artifact]
}

output "objects" {
  description = "What the bucket is filled with, by key."
  value       = aws_s3_object.artifact
}

output "policies" {
  description = "Every policy of this part, as JSON."
  value       = [module.bucket.policy]
}
