output "inside" {
  description = "The brokers' addresses inside the network: host:port, comma-separated."
  value       = join(",", [for address in local.addresses : "${address}:9092"])
}

output "outside" {
  description = "The brokers' addresses for clients: host:port, comma-separated."
  value       = join(",", [for address in local.outside : "${address}:9094"])
}

output "parameters" {
  description = "Path in Parameter Store below which the clients' password and the brokers' certificates lie."
  value       = local.parameters
}

output "security_group_id" {
  description = "The brokers' security group."
  value       = aws_security_group.this.id
}

output "ingress_rules" {
  description = "What the brokers let in."
  value       = concat(values(aws_vpc_security_group_ingress_rule.outside), [aws_vpc_security_group_ingress_rule.brokers])
}

output "instances" {
  description = "The hosts."
  value       = aws_instance.this
}

output "volumes" {
  description = "The data volumes."
  value       = aws_ebs_volume.data
}

output "settings" {
  description = "What each host is told."
  value       = local.settings
}

output "policies" {
  description = "Every policy of this part, as JSON."
  value       = [aws_iam_role_policy.this.policy]
}

output "boundaries" {
  description = "The permissions boundary of each role of this part."
  value       = [aws_iam_role.this.permissions_boundary]
}
