# docs/container.md
FROM python:3.12-slim-bookworm

WORKDIR /rerunoff
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY Snakefile ./
COPY config ./config
COPY envs ./envs
COPY notebooks ./notebooks
COPY profiles ./profiles
COPY report ./report
COPY rules ./rules
COPY workflow_scripts ./workflow_scripts
COPY results/recorded ./results/recorded

# Snakemake and matplotlib keep caches here, whoever calls; a user whom the image does
# not know has no name, which Snakemake asks for.
ENV HOME=/tmp USER=rerunoff LOGNAME=rerunoff
ENTRYPOINT ["snakemake"]
