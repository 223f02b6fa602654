# The lake: the table, the job's checkpoints and its savepoints, each under a prefix of its own.
module "bucket" {
  count  = var.existing_bucket == null ? 1 : 0
  source = "../bucket"
  prefix = "${var.name}-lake"
  # A savepoint may refer to uploads that are not complete yet: they must live as long as it does.
  abort_uploads_after_days = max(30, var.savepoint_days)
  expire_after_days        = { "savepoints/" = var.savepoint_days }
  kms_key_arn              = var.kms_key_arn
  force_destroy            = var.force_destroy
}

# What queries return, and the tables that CREATE TABLE AS makes. Not expired: such a table is there to stay.
module "results" {
  source                   = "../bucket"
  prefix                   = "${var.name}-results"
  abort_uploads_after_days = 1
  kms_key_arn              = var.kms_key_arn
  force_destroy            = var.force_destroy
}

locals {
  bucket = var.existing_bucket == null ? { name = module.bucket[0].name, arn = module.bucket[0].arn, policies = [module.bucket[0].policy] } : {
    name     = var.existing_bucket
    arn      = "arn:${data.aws_partition.current.partition}:s3:::${var.existing_bucket}"
    policies = []
  }
}
