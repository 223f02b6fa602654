# The bucket that every other one is made of.

mock_provider "aws" {
  mock_resource "aws_s3_bucket" {
    defaults = { id = "bucket", arn = "arn:aws:s3:::bucket" }
  }
}

run "a_bucket_is_private_encrypted_and_tls_only" {
  module {
    source = "./modules/bucket"
  }

  variables {
    prefix                   = "quotelake-lake"
    abort_uploads_after_days = 30
    expire_after_days        = { "savepoints/" = 30 }
    kms_key_arn              = null
    force_destroy            = false
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Public access is blocked, all four ways."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "The bucket is encrypted."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement :
      statement.Effect == "Deny" && statement.Condition.Bool["aws:SecureTransport"] == "false"
    ])
    error_message = "The policy only denies, and denies what comes without TLS."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Disabled"
    error_message = "Versions would keep what was deleted."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 30
    error_message = "Uploads that never ended are aborted."
  }
}
