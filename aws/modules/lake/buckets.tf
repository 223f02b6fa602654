# The lake: the table, the job's checkpoints and its savepoints, each under a prefix of its own.
module "bucket" {
  source = "../bucket"
  prefix = "${var.name}-lake"
  # A savepoint may refer to uploads that are not complete yet: they must live as long as it does.
  abort_uploads_after_days = max(30, var.savepoint_days)
  expire_after_days        = { "savepoints/" = var.savepoint_days }
  force_destroy            = var.force_destroy
}

# What queries return, and the tables that CREATE TABLE AS makes. Not expired: such a table is there to stay.
module "results" {
  source                   = "../bucket"
  prefix                   = "${var.name}-results"
  abort_uploads_after_days = 1
  force_destroy            = var.force_destroy
}
