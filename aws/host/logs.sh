# shellcheck shell=bash
# Sends files to CloudWatch Logs where a log group is wanted: ship_logs FILE…
ship_logs() {
    [[ -n ${LOG_GROUP:-} ]] || return 0
    dnf -y install amazon-cloudwatch-agent
    local file entries=()
    for file; do
        entries+=("{\"file_path\": \"$file\", \"log_group_name\": \"$LOG_GROUP\", \"log_stream_name\": \"{instance_id}/$(basename "$file")\"}")
    done
    local directory=${ROOT:-}/opt/aws/amazon-cloudwatch-agent
    mkdir -p "$directory/etc"
    cat >"$directory/etc/quotelake.json" <<AGENT
{"agent": {"run_as_user": "root"}, "logs": {"logs_collected": {"files": {"collect_list": [$(
        IFS=,
        echo "${entries[*]}"
    )]}}}}
AGENT
    "$directory/bin/amazon-cloudwatch-agent-ctl" -a fetch-config -m ec2 -s -c "file:$directory/etc/quotelake.json"
}
