# shellcheck shell=bash
# The job's identity, and where its state lies: what it was started with says both, whatever else the bucket holds.
# Every function fails where the bucket can't be asked: not to know is not the same as to have nothing.

# The last value of an option among the job's, or a default: option_of NAME DEFAULT
option_of() {
    local words value=$2 index
    read -ra words <<<"$JOB_OPTIONS"
    for index in "${!words[@]}"; do
        case ${words[index]} in
            "$1") value=${words[index + 1]:-} ;;
            "$1="*) value=${words[index]#*=} ;;
        esac
    done
    echo "$value"
}

TOPIC=$(option_of --topic "$KAFKA_TOPIC")
TABLE=$(option_of --output "s3://$AWS_S3_BUCKET/$TOPIC")
TABLE=${TABLE%/}
# Readable, and of its own also where two tables differ in nothing but a character that is not kept.
IDENTITY=$(tr -c 'A-Za-z0-9._\n-' '-' <<<"$TOPIC--${TABLE#*://}")-$(sha256sum <<<"$TOPIC $TABLE" | cut -c 1-8)
# shellcheck disable=SC2034
JOB_NAME="Quotelake: $TOPIC to $TABLE"

# Keys of the _metadata objects below a prefix, one a line.
metadata_keys() {
    local keys
    keys=$(aws s3api list-objects-v2 --bucket "$AWS_S3_BUCKET" --prefix "$1" --output text \
        --query "Contents[?ends_with(Key, '/_metadata')].Key") || return 1
    tr '\t' '\n' <<<"$keys" | sed -n '/\/_metadata$/p'
}

# The number of the checkpoint that a _metadata object is of. A checkpoint's folder is named after it; a savepoint's is
# not, but both begin with a magic word, a version, and that number (Flink's Checkpoints.storeCheckpointMetadata).
state_number() {
    local file words
    if [[ $1 =~ /chk-([0-9]+)/_metadata$ ]]; then
        echo "${BASH_REMATCH[1]}"
        return
    fi
    file=$(mktemp) || return 1
    aws s3api get-object --bucket "$AWS_S3_BUCKET" --key "$1" --range bytes=0-15 "$file" >/dev/null ||
        { rm -f "$file"; return 1; }
    words=$(od -An -v -tx1 -N 16 "$file" | tr -d ' \n') || return 1
    rm -f "$file"
    if [[ ${#words} != 32 || $words != 4960672d* ]]; then
        echo "s3://$AWS_S3_BUCKET/$1 is not a Flink savepoint" >&2
        return 1
    fi
    echo $((16#${words:16}))
}

# Every checkpoint and savepoint of this job that is whole: one "NUMBER KEY" a line.
states() {
    local checkpoints savepoints key number
    checkpoints=$(metadata_keys "checkpoints/$IDENTITY/") || return 1
    savepoints=$(metadata_keys "savepoints/$IDENTITY/") || return 1
    for key in $checkpoints $savepoints; do
        number=$(state_number "$key") || return 1
        echo "$number $key"
    done
}

# The path of the newest one; nothing where there is none. Two of one number come from two runs that began at the same
# state: only a person can tell which of them wrote the table.
newest_state() {
    local all first second
    all=$(states) || return 1
    [[ -n $all ]] || return 0
    all=$(sort -k 1,1nr <<<"$all") || return 1
    first=$(sed -n 1p <<<"$all")
    second=$(sed -n 2p <<<"$all")
    if [[ ${first%% *} == "${second%% *}" ]]; then
        echo "Two states have the number ${first%% *}: s3://$AWS_S3_BUCKET/${first#* } and" \
            "s3://$AWS_S3_BUCKET/${second#* }; $TABLE.owner.json says who wrote last: write the path of that one" \
            "without /_metadata into $PWD/resume-from" >&2
        return 1
    fi
    first=${first#* }
    echo "s3://$AWS_S3_BUCKET/${first%/_metadata}"
}

# Prints yes or no. Outputs elsewhere than on S3 the job itself looks at.
table_has_rows() {
    local rest=${TABLE#s3*://} key
    if [[ $TABLE != s3://* && $TABLE != s3a://* ]]; then
        echo no
        return
    fi
    key=$(aws s3api list-objects-v2 --bucket "${rest%%/*}" --prefix "${rest#*/}/" --max-items 1 --output text \
        --query 'Contents[].Key') || return 1
    if [[ $key == "${rest#*/}/"* ]]; then echo yes; else echo no; fi
}
