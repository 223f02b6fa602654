# shellcheck shell=bash
# Commands on hosts, through Session Manager's Run Command, in the region that $region names.
: "${region:?}"

# Runs a command on an instance as root and prints what it says; fails when it fails: on_host ID COMMAND
on_host() {
    local command status
    command=$(aws ssm send-command --region "$region" --instance-ids "$1" --document-name AWS-RunShellScript \
        --parameters "{\"commands\": [\"$2\"], \"executionTimeout\": [\"3600\"]}" \
        --query Command.CommandId --output text) || return 1
    while :; do
        status=$(aws ssm get-command-invocation --region "$region" --instance-id "$1" --command-id "$command" \
            --query Status --output text 2>/dev/null) || status=Pending
        case $status in
            Pending | InProgress | Delayed) sleep 2 ;;
            *) break ;;
        esac
    done
    aws ssm get-command-invocation --region "$region" --instance-id "$1" --command-id "$command" \
        --query '[StandardOutputContent, StandardErrorContent]' --output text
    [[ $status == Success ]]
}

# The running hosts of that name, one a line: Name, id, instance type, and the type that Terraform wants.
hosts() {
    aws ec2 describe-instances --region "$region" --output text \
        --filters "Name=instance-state-name,Values=running" "Name=tag:Name,Values=$1" \
        --query "Reservations[].Instances[].[Tags[?Key=='Name']|[0].Value, InstanceId, InstanceType, Tags[?Key=='InstanceType']|[0].Value]" |
        sort
}
