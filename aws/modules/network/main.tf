# A network of its own: one public subnet in each of a few zones, with a free path to S3 inside AWS.

variable "name" {
  description = "First part of every name."
  type        = string
}

variable "zones" {
  description = "Number of availability zones."
  type        = number
}

locals {
  cidr = "10.71.0.0/16"
}

data "aws_availability_zones" "this" {
  state = "available"

  # Local zones offer few instance types.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

data "aws_region" "current" {}

resource "aws_vpc" "this" {
  cidr_block           = local.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

# The group that every instance without one would get allows all between its members: it is emptied.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_subnet" "this" {
  count             = var.zones
  vpc_id            = aws_vpc.this.id
  availability_zone = data.aws_availability_zones.this.names[count.index]
  cidr_block        = cidrsubnet(local.cidr, 8, count.index)
  tags              = { Name = "${var.name}-${count.index + 1}" }
}

resource "aws_route_table_association" "this" {
  count          = var.zones
  subnet_id      = aws_subnet.this[count.index].id
  route_table_id = aws_route_table.this.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.this.id
  service_name    = "com.amazonaws.${data.aws_region.current.name}.s3"
  route_table_ids = [aws_route_table.this.id]
  tags            = { Name = "${var.name}-s3" }
}

# Whoever uses the network's id or subnets finds the way out of it finished.
output "vpc_id" {
  description = "The network's id."
  value       = aws_vpc.this.id
  depends_on  = [aws_internet_gateway.this]
}

output "subnets" {
  description = "The subnets, one a zone."
  value       = aws_subnet.this
  depends_on  = [aws_route_table_association.this, aws_vpc_endpoint.s3]
}
