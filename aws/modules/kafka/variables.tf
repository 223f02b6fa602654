variable "name" {
  description = "First part of every name."
  type        = string
}

variable "vpc_id" {
  description = "The network's id."
  type        = string
}

variable "subnets" {
  description = "One subnet a broker."
  type        = list(object({ id = string, availability_zone = string }))
}

variable "client_cidrs" {
  description = "Networks whose clients may reach the outside listener."
  type        = list(string)
}

variable "brokers" {
  description = "Number of brokers: 1, or 3 for replication 3 with two replicas in sync."
  type        = number
}

variable "instance_type" {
  description = "EC2 instance type of a broker."
  type        = string
}

variable "heap_mib" {
  description = "Heap of a broker, MiB; the page cache wants at least as much again."
  type        = number
}

variable "disk_gib" {
  description = "Data volume of a broker, GiB."
  type        = number
}

variable "topic" {
  description = "Topic of the quotes; its dead letters go to TOPIC.dead-letters."
  type        = string
}

variable "partitions" {
  description = "Partitions of the topic."
  type        = number
}

variable "archive" {
  description = "Where Apache keeps its releases."
  type        = string
}

variable "kafka_version" {
  description = "Kafka's version."
  type        = string
}

variable "session_statement" {
  description = "The policy statement that lets Session Manager reach a host."
  type        = any
}
