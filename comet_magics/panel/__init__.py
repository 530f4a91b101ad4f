"""The panel: a prompt box and the conversation, in the notebook or beside it, that stays while cells run."""
