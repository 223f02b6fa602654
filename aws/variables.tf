variable "name" {
  description = "First part of every name; two installations in one account need two."
  type        = string
  default     = "quotelake"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))
    error_message = "name: up to 20 lower-case letters, digits and hyphens, a letter first (bucket names begin with it)."
  }
}

variable "client_cidrs" {
  description = "Networks from which producers reach the broker, as [\"203.0.113.7/32\"]. Never the whole world. Your own brokers (bootstrap_servers) want none."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.client_cidrs) > 0 || var.bootstrap_servers != null
    error_message = "client_cidrs: name at least one network, as [\"203.0.113.7/32\"]."
  }

  validation {
    condition     = alltrue([for cidr in var.client_cidrs : can(cidrnetmask(cidr))])
    error_message = "client_cidrs: each must be an IPv4 network with its length, as 203.0.113.7/32."
  }

  validation {
    condition     = alltrue([for cidr in var.client_cidrs : try(tonumber(split("/", cidr)[1]), 0) >= 8])
    error_message = "client_cidrs: 0.0.0.0/0 and other networks wider than /8 are refused; name yours, as 203.0.113.7/32."
  }
}

variable "date_granularity" {
  description = "What the job writes in date=…, and how the projected table reads it: day, month or year."
  type        = string
  default     = "day"

  validation {
    condition     = contains(["day", "month", "year"], var.date_granularity)
    error_message = "date_granularity: day, month or year."
  }
}

variable "indices" {
  description = "Index codes that the projected table stock_market_live knows."
  type        = list(string)
  default = [
    "000001.SS", "399001.SZ", "GDAXI", "GSPTSE", "HSI", "IXIC", "J203.JO",
    "KS11", "N100", "N225", "NSEI", "NYA", "SSMI", "TWII",
  ]
}

variable "first_date" {
  description = "First day of the history, where the projected table begins."
  type        = string
  default     = "1965-01-01"

  validation {
    condition     = can(formatdate("YYYY", "${var.first_date}T00:00:00Z"))
    error_message = "first_date: a date as 1965-01-01."
  }
}

variable "last_year" {
  description = "Last year that the projected table knows where folders are months or years."
  type        = number
  default     = 2050
}

variable "table_prefix" {
  description = "Prefix of the bucket that the tables read; null: stock_market, which the job writes. After a replay into another prefix: that one."
  type        = string
  default     = null
}

variable "further_tables" {
  description = "Further prefixes of the bucket that jobs may write, for replays and backfills, as [\"stock_market_again\"]."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for table in var.further_tables : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]*$", table)) && !contains(["checkpoints", "savepoints", "stock_market"], table)])
    error_message = "further_tables: letters, digits, _ and - (no slash), and none of stock_market, checkpoints, savepoints."
  }
}

variable "crawler_schedule" {
  description = "When the crawler adds partitions, in UTC; null: on demand only. It reads what S3 tells has come since; see docs/aws.md for its cost."
  type        = string
  default     = "cron(0 3 * * ? *)"
}

variable "scan_limit_bytes" {
  description = "A query that would scan more is cancelled; 10 GiB cost some 5 US cents."
  type        = number
  default     = 10737418240

  validation {
    condition     = var.scan_limit_bytes >= 10485760
    error_message = "scan_limit_bytes: at least 10485760 (10 MiB), the least that Athena takes."
  }
}

variable "savepoint_days" {
  description = "Days that savepoints are kept; incomplete uploads, to which a savepoint may refer, are kept as long."
  type        = number
  default     = 30

  validation {
    condition     = var.savepoint_days >= 1
    error_message = "savepoint_days: at least 1."
  }
}

variable "brokers" {
  description = "1, or 3 for replication 3 with two replicas in sync, one broker a zone. It can't be changed later."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 3], var.brokers)
    error_message = "brokers: 1 or 3 (a KRaft quorum of two survives no failure)."
  }
}

variable "broker_instance_type" {
  description = "EC2 instance type of a broker; with less than 2 GiB a broker has no page cache to work with."
  type        = string
  default     = "t4g.small"
}

variable "broker_heap_mib" {
  description = "Heap of a broker, MiB; at most half of the host's memory."
  type        = number
  default     = 768

  validation {
    condition     = var.broker_heap_mib >= 512
    error_message = "broker_heap_mib: at least 512; a broker in 256 MB falls over under load."
  }
}

variable "broker_disk_gib" {
  description = "Data volume of a broker, GiB; half of it is for quotes. docs/aws.md has a table of sizes. It can only grow."
  type        = number
  default     = 10

  validation {
    condition     = var.broker_disk_gib >= 4
    error_message = "broker_disk_gib: at least 4."
  }
}

variable "partitions" {
  description = "Partitions of the topic; the job gives its dead letters as many. More subtasks than partitions stand idle."
  type        = number
  default     = 3
}

variable "flink_instance_type" {
  description = "EC2 instance type of the Flink host, from 4 GiB: what JobManager and system leave is the TaskManager's."
  type        = string
  default     = "t4g.medium"
}

variable "parallelism" {
  description = "Subtasks of the job; null: one a core of the Flink host, and no more than the topic has partitions."
  type        = number
  default     = null

  validation {
    condition     = var.parallelism == null ? true : var.parallelism >= 1
    error_message = "parallelism: at least 1."
  }
}

variable "slots" {
  description = "Slots of the Flink host, over all of its TaskManagers; null: twice the parallelism, so that a replay finds some beside the job."
  type        = number
  default     = null

  validation {
    condition     = var.slots == null ? true : var.slots >= coalesce(var.parallelism, 1)
    error_message = "slots: at least the parallelism; the job needs a slot a subtask."
  }
}

variable "task_managers" {
  description = "TaskManagers of the Flink host: while one starts anew, the job goes on in the slots of the others, and each has its share of the memory for open files."
  type        = number
  default     = 1

  validation {
    condition     = var.task_managers >= 1 && var.task_managers <= 8
    error_message = "task_managers: 1 to 8."
  }
}

variable "task_manager_memory_mib" {
  description = "Memory of a TaskManager's process, MiB; null: a TaskManager's share of what the instance has beyond 1,600 MiB of the JobManager and 896 of the system."
  type        = number
  default     = null

  validation {
    condition     = var.task_manager_memory_mib == null ? true : var.task_manager_memory_mib >= 1024
    error_message = "task_manager_memory_mib: at least 1024; a quarter of its heap is for open files."
  }
}

variable "flink_version" {
  description = "Flink's version; the job is built with 2.3. Another one than the default wants flink_sha512 too."
  type        = string
  default     = "2.3.0"
}

variable "kafka_version" {
  description = "Kafka's version; 4.0 or newer (KRaft only). Another one than the default wants kafka_sha512 too."
  type        = string
  default     = "4.3.1"
}

variable "archive" {
  description = "Where the releases of Apache are: the first host fetches them from there into the artifact bucket, and all others from the bucket. It may be a mirror: what it gives is checked against the SHA-512 that is pinned here."
  type        = string
  default     = "https://archive.apache.org/dist"
}

locals {
  # SHA-512 of the archives, as Apache publishes them beside its releases; a release that isn't here is pinned by its variable.
  pinned = {
    "kafka_2.13-4.3.1.tgz"           = "c7d7b2318cb51aa0c61d3246a51c349210073c5c9b754947ef965a439f2f939e8600f204e134a75ac31faf3829c9370960ef7c6a9886c8a1dbf0339a21f4c54c"
    "flink-2.3.0-bin-scala_2.12.tgz" = "e5863767caeaa7c72e45fc62d45f7df9f435a1c83aed813ea550db39e9221194d148ea4a6c3bfb5604335974729c579d48c6c4c3eb43502e37310a0bf982462a"
  }
}

variable "kafka_sha512" {
  description = "SHA-512 of kafka_2.13-VERSION.tgz; null: the one that is pinned for the default version. Hosts unpack nothing else."
  type        = string
  default     = null

  validation {
    condition     = var.kafka_sha512 != null || contains(keys(local.pinned), "kafka_2.13-${var.kafka_version}.tgz")
    error_message = "kafka_sha512: no SHA-512 is pinned for Kafka ${var.kafka_version}; name the one that https://downloads.apache.org/kafka/${var.kafka_version}/kafka_2.13-${var.kafka_version}.tgz.sha512 says."
  }

  validation {
    condition     = var.kafka_sha512 == null ? true : can(regex("^[0-9a-f]{128}$", var.kafka_sha512))
    error_message = "kafka_sha512: 128 digits, 0-9 and a-f, without blanks."
  }
}

variable "flink_sha512" {
  description = "SHA-512 of flink-VERSION-bin-scala_2.12.tgz; null: the one that is pinned for the default version. Hosts unpack nothing else."
  type        = string
  default     = null

  validation {
    condition     = var.flink_sha512 != null || contains(keys(local.pinned), "flink-${var.flink_version}-bin-scala_2.12.tgz")
    error_message = "flink_sha512: no SHA-512 is pinned for Flink ${var.flink_version}; name the one that https://downloads.apache.org/flink/flink-${var.flink_version}/flink-${var.flink_version}-bin-scala_2.12.tgz.sha512 says."
  }

  validation {
    condition     = var.flink_sha512 == null ? true : can(regex("^[0-9a-f]{128}$", var.flink_sha512))
    error_message = "flink_sha512: 128 digits, 0-9 and a-f, without blanks."
  }
}

variable "log_days" {
  description = "Days that CloudWatch Logs keeps the logs of the hosts, as 30; 0: not sent there. Some 0.50 US dollars a GB."
  type        = number
  default     = 0

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 180, 365], var.log_days)
    error_message = "log_days: 0 or what CloudWatch Logs takes: 1, 3, 5, 7, 14, 30, 60, 90, 180 or 365."
  }
}

variable "job_options" {
  description = "Further options of the job, separated by blanks, as \"--compression gzip --roll-inactivity 10min\"."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[A-Za-z0-9 .,:=/_-]*$", var.job_options))
    error_message = "job_options: letters, digits, blanks and . , : = / _ - only."
  }
}

variable "job_jar" {
  description = "The job's jar; null: the one that mvn package made in flink-job/target."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes buckets although they hold objects."
  type        = bool
  default     = false
}
