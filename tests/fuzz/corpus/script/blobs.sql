SELECT x'00ff', X'', x'3b';SELECT xx'1';SELECT x'0;';SELECT 1;
