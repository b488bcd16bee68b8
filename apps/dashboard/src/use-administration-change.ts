import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";

import { ADMINISTRATION } from "./api-administration.ts";

/** A change after which everything of administration is asked for anew. */
export function useAdministrationChange<Input, Result>(
  change: (input: Input) => Promise<Result>,
): UseMutationResult<Result, Error, Input> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: [ADMINISTRATION] }),
  });
}
