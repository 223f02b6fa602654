variable "name" {
  description = "First part of every name."
  type        = string
}

variable "table" {
  description = "Name of the table and of the Kafka topic."
  type        = string
}

variable "prefix" {
  description = "Prefix in the bucket that the tables read."
  type        = string
}

variable "date_granularity" {
  description = "day, month or year: what the job writes in date=…; drives the projected table."
  type        = string
}

variable "indices" {
  description = "Index codes that the projected table knows."
  type        = list(string)
}

variable "first_date" {
  description = "First day of the history, yyyy-MM-dd: where the projected table begins."
  type        = string
}

variable "last_year" {
  description = "Last year that the projected table knows where folders are months or years."
  type        = number
}

variable "crawler_schedule" {
  description = "When the crawler runs, as a Glue cron(…) expression in UTC; null: on demand only."
  type        = string
}

variable "scan_limit_bytes" {
  description = "A query that would scan more bytes is cancelled."
  type        = number
}

variable "savepoint_days" {
  description = "Days that savepoints are kept."
  type        = number
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes buckets although they hold objects."
  type        = bool
}

variable "existing_bucket" {
  description = "The lake's bucket, if it is there already; null: one is made."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts buckets and query results; null: S3's own."
  type        = string
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the crawler's role; null: none."
  type        = string
}
