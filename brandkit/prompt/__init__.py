"""From brief to prompt: campaign files, the prompt compiler, reference pictures, and the catalogue of models."""
