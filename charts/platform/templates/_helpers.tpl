{{/* Labels of the platform's own objects; call with (dict "root" $ "component" "operator"). */}}
{{- define "platform.labels" -}}
{{ include "platform.selector" . }}
app.kubernetes.io/part-of: abetworks
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "platform.selector" -}}
app.kubernetes.io/name: {{ .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* The operator's pods carry part-of too: policies of instances select the console by it. */}}
{{- define "platform.operatorImage" -}}
{{ .Values.operator.image.repository }}:{{ .Values.operator.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "platform.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "platform.databaseSecret" -}}
{{ .Values.database.existingSecret | default (printf "%s-connection" .Values.database.name) }}
{{- end }}

{{- define "platform.redisSecret" -}}
{{ .Values.redis.existingSecret | default "abetworks-redis-admin" }}
{{- end }}
