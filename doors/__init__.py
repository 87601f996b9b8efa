"""What both doors and the readers' pages share: forms, answers, headers, helplines."""
